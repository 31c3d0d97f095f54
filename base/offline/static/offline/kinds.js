// What each kind of entry is made of: from the fields of its form by name (strings; the pressed button's, too) to the
// body that its schema on the server knows. A new kind is one line here and one registration there (docs/offline.md).

const without = (data, ...names) =>
  Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name)));

export const kinds = {
  listing: (data) => without(data, "entry_id"),
  answers: (data) => {
    const chosen = Object.entries(data).filter(([name]) => name.startsWith("q-"));
    const finished = "next" in data;
    const answers = Object.fromEntries(chosen.map(([name, choice]) => [name.slice(2), choice]));
    return chosen.length || finished ? { lesson: +data.lesson, answers, finished } : null; // null: nothing to keep
  },
  handover: ({ order, did }) => ({
    order,
    is_handed_over: did.startsWith("handed_over"),
    is_paid: did.endsWith("paid"),
    is_missed: did === "missed",
  }),
};

// How an entry is changed that the server may have taken: the kind that says so, and the fields it may name.
export const changes = {
  listing: { kind: "listing-change", fields: ["title", "category", "price_vnd", "unit", "left", "ready_from", "description"] },
};
