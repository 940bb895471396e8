package io.meshwork.internal.lakeformation;

import io.meshwork.access.Permission;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A change of an {@link AccessState}, which results in a new state. Immutable. */
public sealed interface AccessEdit {
  record AddGrant(Grant grant) implements AccessEdit {}

  /**
   * Revokes permissions of a grant. Permissions that the grant does not have are ignored. A grant
   * without permissions is removed.
   *
   * @param grant the id of the grant
   * @param permissions the permissions to revoke, together with their grant option
   * @param grantable the permissions of which only the grant option is revoked
   */
  record Revoke(String grant, Set<Permission> permissions, Set<Permission> grantable)
      implements AccessEdit {
    public Revoke {
      permissions = Set.copyOf(permissions);
      grantable = Set.copyOf(grantable);
    }

    /** Revokes the whole grant. */
    public static Revoke all(String grant) {
      return new Revoke(grant, Set.of(Permission.values()), Set.of());
    }
  }

  /** Sets tags on a database, a table, or one column ({@link Resource.Columns} with one name). */
  record SetTags(Resource on, Map<String, String> tags) implements AccessEdit {
    public SetTags {
      tags = Map.copyOf(tags);
    }
  }

  /** Removes tags that are set on a resource itself, by key. Inherited values apply again. */
  record RemoveTags(Resource on, List<String> keys) implements AccessEdit {
    public RemoveTags {
      keys = List.copyOf(keys);
    }
  }

  /** Adds a column at the end of a table. */
  record AddColumn(Resource.Table to, AccessFacts.GlueColumn column) implements AccessEdit {}

  /** Adds a table to a database. */
  record AddTable(Resource.Database to, AccessFacts.Table table) implements AccessEdit {}

  /** Sets the status of a resource share between two accounts. */
  record SetShare(AccessFacts.Share share) implements AccessEdit {}

  /** Opts a principal in to Lake Formation permissions. */
  record AddOptIn(AccessFacts.OptIn optIn) implements AccessEdit {}

  /** Sets the facts about a principal. */
  record SetPrincipal(AccessFacts.PrincipalFacts facts) implements AccessEdit {}

  /** Sets the facts about an account. */
  record SetAccount(AccessFacts.Account account) implements AccessEdit {}
}
