"""Headers that every answer carries: content security policy, permissions, default caching. No models, no app."""
