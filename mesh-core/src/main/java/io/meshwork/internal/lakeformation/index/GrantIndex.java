package io.meshwork.internal.lakeformation.index;

import io.meshwork.internal.lakeformation.AccessFacts.NamedExpression;
import io.meshwork.internal.lakeformation.AccessFacts.OptIn;
import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Grants and opt-ins by grantee. A grant on a missing resource has no effect. */
public final class GrantIndex {
  private static final String ORGANIZATION = ":organization/";
  private static final String UNIT = ":ou/";

  private final Map<String, Map<String, GranteeGrants>> byGrantee = new HashMap<>();
  private final Map<String, Map<String, TagExpression>> expressions = new HashMap<>();
  private final Map<String, Set<Resource>> optIns = new HashMap<>();

  GrantIndex(AccessIndex index) {
    for (NamedExpression named : index.state().expressions()) {
      expressions
          .computeIfAbsent(named.account(), account -> new HashMap<>())
          .put(named.name(), named.expression());
    }
    for (Grant grant : index.state().grants()) {
      add(index, grant);
    }
    for (OptIn optIn : index.state().optIns()) {
      optIns
          .computeIfAbsent(optIn.principal().id(), any -> new HashSet<>())
          .add(lowerCased(optIn.on()));
    }
  }

  private void add(AccessIndex index, Grant grant) {
    Resource on = grant.on();
    IndexedGrant held = new IndexedGrant(grant, expression(on));
    GranteeGrants all =
        byGrantee
            .computeIfAbsent(key(grant.to()), grantee -> new HashMap<>())
            .computeIfAbsent(on.account(), account -> new GranteeGrants());
    if (on instanceof Resource.TagPolicy policy) {
      all.addPolicy(policy.type(), held);
    } else if (on instanceof Resource.NamedPolicy policy) {
      all.addPolicy(policy.type(), held);
    } else if (on.database().isEmpty()) {
      all.addOther(held);
    } else if (on instanceof Resource.AllTables) {
      DatabaseNode database = index.database(on.account(), on.database().get());
      if (database != null) {
        all.addOnAllTables(database, held);
      }
    } else {
      Object node = node(index, on);
      if (node != null) {
        all.addOn(node, held);
      }
    }
  }

  /** The resource of a grant by name. A link takes precedence over a resource of the same name. */
  private static @Nullable Object node(AccessIndex index, Resource on) {
    LinkNode link = index.linkNamed(on);
    if (link != null) {
      return on instanceof Resource.Database || on instanceof Resource.Table ? link : null;
    }
    return on.table().isPresent()
        ? index.table(on.account(), on.database().orElseThrow(), on.table().get())
        : index.database(on.account(), on.database().orElseThrow());
  }

  /** The expression of a tag policy; null for other resources and unknown names. */
  public @Nullable TagExpression expression(Resource on) {
    if (on instanceof Resource.TagPolicy policy) {
      return policy.expression();
    }
    return on instanceof Resource.NamedPolicy policy
        ? expressions.getOrDefault(policy.account(), Map.of()).get(policy.expression())
        : null;
  }

  /** The grants of a grantee on the resources of an account. */
  public GranteeGrants grantsOf(String granteeKey, String owner) {
    return byGrantee.getOrDefault(granteeKey, Map.of()).getOrDefault(owner, GranteeGrants.EMPTY);
  }

  /** Grants to {@code IAM_ALLOWED_PRINCIPALS} by owning account. */
  public Map<String, GranteeGrants> controlledByIam() {
    return grantsOf(Grantee.IAM_ALLOWED_PRINCIPALS.id());
  }

  /** The grants of a grantee by owning account. */
  public Map<String, GranteeGrants> grantsOf(String granteeKey) {
    return byGrantee.getOrDefault(granteeKey, Map.of());
  }

  /**
   * Principals that may be able to make a grant: administrators of the account where it is made,
   * creators, and grantees with any grant option of the owner. The caller checks each of them.
   */
  public Set<String> likelyGrantors(AccessIndex index, Grant grant) {
    Resource on = grant.on();
    Set<String> some = new HashSet<>(index.account(grant.grantor()).admins());
    LinkNode link = index.linkNamed(on);
    if (link != null) {
      some.add(link.link().creator());
    }
    DatabaseNode database =
        on.database().isEmpty() ? null : index.database(on.account(), on.database().get());
    if (database != null) {
      database.database().creator().ifPresent(some::add);
      TableNode table =
          on.table().isEmpty()
              ? null
              : database.tables().get(CaseInsensitiveNames.of(on.table().get()));
      if (table != null) {
        table.table().creator().ifPresent(some::add);
      }
    }
    byGrantee.forEach(
        (grantee, held) -> {
          if (grantee.startsWith("arn:")
              && held.getOrDefault(on.account(), GranteeGrants.EMPTY).hasGrantOption()) {
            some.add(grantee);
          }
        });
    return some;
  }

  public boolean optedIn(String principal, Resource on) {
    Set<Resource> some = optIns.get(principal);
    return some != null && some.contains(lowerCased(on));
  }

  public boolean hasOptIns() {
    return !optIns.isEmpty();
  }

  /**
   * The key by which a grantee is found; for an organization its id, whatever its management
   * account.
   */
  public static String key(Grantee grantee) {
    String id = grantee.id();
    return switch (grantee.kind()) {
      case ORGANIZATION ->
          organization(id.substring(id.indexOf(ORGANIZATION) + ORGANIZATION.length()));
      case UNIT -> "unit/" + id.substring(id.indexOf(UNIT) + UNIT.length());
      case PRINCIPAL, ACCOUNT, ACCOUNT_PRINCIPALS, IAM_ALLOWED_PRINCIPALS -> id;
    };
  }

  static String organization(String organization) {
    return "organization/" + organization;
  }

  static String unit(String organization, String unit) {
    return "unit/" + organization + "/" + unit;
  }

  private static Resource lowerCased(Resource on) {
    if (on instanceof Resource.Database database) {
      return new Resource.Database(database.account(), CaseInsensitiveNames.of(database.name()));
    } else if (on instanceof Resource.AllTables tables) {
      return new Resource.AllTables(tables.account(), CaseInsensitiveNames.of(tables.in()));
    } else if (on instanceof Resource.Table table) {
      return new Resource.Table(
          table.account(),
          CaseInsensitiveNames.of(table.in()),
          CaseInsensitiveNames.of(table.name()));
    }
    return on;
  }
}
