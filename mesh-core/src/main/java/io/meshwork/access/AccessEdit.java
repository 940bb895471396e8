package io.meshwork.access;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** A change of an {@link AccessState}, which gives a new one. Immutable. */
public sealed interface AccessEdit {
  /** Adds a grant beside those that are there. */
  record AddGrant(Grant grant) implements AccessEdit {}

  /**
   * Takes from a grant; what it does not have is not missed. A grant without permissions is gone.
   *
   * @param grant its id
   * @param permissions what is no longer allowed, nor to be handed on
   * @param grantable what is no longer to be handed on
   */
  record Revoke(String grant, Set<Permission> permissions, Set<Permission> grantable)
      implements AccessEdit {
    /** Copies the sets. */
    public Revoke {
      permissions = Set.copyOf(permissions);
      grantable = Set.copyOf(grantable);
    }

    /** Takes the whole grant. */
    public static Revoke all(String grant) {
      return new Revoke(grant, Set.of(Permission.values()), Set.of());
    }
  }

  /** Sets tags on a database, a table, or one column ({@link Resource.Columns} of one name). */
  record SetTags(Resource on, Map<String, String> tags) implements AccessEdit {
    /** Copies the map. */
    public SetTags {
      tags = Map.copyOf(tags);
    }
  }

  /** Removes a resource's own tags by key; what it inherits shows again. */
  record RemoveTags(Resource on, List<String> keys) implements AccessEdit {
    /** Copies the list. */
    public RemoveTags {
      keys = List.copyOf(keys);
    }
  }

  /** Adds a column at the end of a table. */
  record AddColumn(Resource.Table to, AccessFacts.Column column) implements AccessEdit {}

  /** Adds a table to a database. */
  record AddTable(Resource.Database to, AccessFacts.Table table) implements AccessEdit {}

  /** Says how it stands with a share, instead of what was said before. */
  record SetShare(AccessFacts.Share share) implements AccessEdit {}

  /** Holds a principal to grants. */
  record AddOptIn(AccessFacts.OptIn optIn) implements AccessEdit {}

  /** Says what is known of a principal, instead of what was said before. */
  record SetPrincipal(AccessFacts.PrincipalFacts facts) implements AccessEdit {}

  /** Says what is known of an account, instead of what was said before. */
  record SetAccount(AccessFacts.Account account) implements AccessEdit {}
}
