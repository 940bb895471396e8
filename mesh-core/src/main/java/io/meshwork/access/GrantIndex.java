package io.meshwork.access;

import io.meshwork.access.AccessFacts.NamedExpression;
import io.meshwork.access.AccessFacts.OptIn;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Grants and opt-ins by whom they are for. What a grant names and is not there gives nothing. */
final class GrantIndex {
  private static final String ORGANIZATION = ":organization/";
  private static final String UNIT = ":ou/";

  private final Map<String, Map<String, Held>> byGrantee = new HashMap<>();
  private final Map<String, Map<String, TagExpression>> expressions = new HashMap<>();
  private final Map<String, Set<Resource>> optIns = new HashMap<>();

  GrantIndex(Estate estate) {
    for (NamedExpression named : estate.state().expressions()) {
      expressions
          .computeIfAbsent(named.account(), account -> new HashMap<>())
          .put(named.name(), named.expression());
    }
    for (Grant grant : estate.state().grants()) {
      add(estate, grant);
    }
    for (OptIn optIn : estate.state().optIns()) {
      optIns
          .computeIfAbsent(optIn.principal().id(), any -> new HashSet<>())
          .add(folded(optIn.on()));
    }
  }

  private void add(Estate estate, Grant grant) {
    Resource on = grant.on();
    HeldGrant held = new HeldGrant(grant, expression(on));
    Held all =
        byGrantee
            .computeIfAbsent(key(grant.to()), grantee -> new HashMap<>())
            .computeIfAbsent(on.account(), account -> new Held());
    if (on instanceof Resource.TagPolicy policy) {
      all.addPolicy(policy.type(), held);
    } else if (on instanceof Resource.NamedPolicy policy) {
      all.addPolicy(policy.type(), held);
    } else if (on.database().isEmpty()) {
      all.addAtLarge(held);
    } else if (on instanceof Resource.AllTables) {
      DatabaseNode database = estate.database(on.account(), on.database().get());
      if (database != null) {
        all.addOnAllTables(database, held);
      }
    } else {
      Object node = node(estate, on);
      if (node != null) {
        all.addOn(node, held);
      }
    }
  }

  /** What a grant by name is on: a link under that name comes before what it hides. */
  private static @Nullable Object node(Estate estate, Resource on) {
    LinkNode link = estate.linkNamed(on);
    if (link != null) {
      return on instanceof Resource.Database || on instanceof Resource.Table ? link : null;
    }
    return on.table().isPresent()
        ? estate.table(on.account(), on.database().orElseThrow(), on.table().get())
        : estate.database(on.account(), on.database().orElseThrow());
  }

  /** The expression of a tag policy; null if it is none, or its name is not known. */
  @Nullable TagExpression expression(Resource on) {
    if (on instanceof Resource.TagPolicy policy) {
      return policy.expression();
    }
    return on instanceof Resource.NamedPolicy policy
        ? expressions.getOrDefault(policy.account(), Map.of()).get(policy.expression())
        : null;
  }

  /** What a grantee has on the resources of an account. */
  Held held(String granteeKey, String owner) {
    return byGrantee.getOrDefault(granteeKey, Map.of()).getOrDefault(owner, Held.NOTHING);
  }

  /** What is left to IAM, by the account that owns it. */
  Map<String, Held> leftToIam() {
    return held(Grantee.IAM_ALLOWED_PRINCIPALS.id());
  }

  /** What a grantee has, by the account that owns it. */
  Map<String, Held> held(String granteeKey) {
    return byGrantee.getOrDefault(granteeKey, Map.of());
  }

  /**
   * Principals who may be able to make a grant: administrators of the account where it is made,
   * creators, and whoever may hand on something of the owner's. Which of them can is judged apart.
   */
  Set<String> likelyGrantors(Estate estate, Grant grant) {
    Resource on = grant.on();
    Set<String> some = new HashSet<>(estate.account(grant.grantor()).admins());
    LinkNode link = estate.linkNamed(on);
    if (link != null) {
      some.add(link.link().creator());
    }
    DatabaseNode database =
        on.database().isEmpty() ? null : estate.database(on.account(), on.database().get());
    if (database != null) {
      database.database().creator().ifPresent(some::add);
      TableNode table =
          on.table().isEmpty() ? null : database.tables().get(Fold.of(on.table().get()));
      if (table != null) {
        table.table().creator().ifPresent(some::add);
      }
    }
    byGrantee.forEach(
        (grantee, held) -> {
          if (grantee.startsWith("arn:")
              && held.getOrDefault(on.account(), Held.NOTHING).handsOn()) {
            some.add(grantee);
          }
        });
    return some;
  }

  boolean optedIn(String principal, Resource on) {
    Set<Resource> some = optIns.get(principal);
    return some != null && some.contains(folded(on));
  }

  boolean hasOptIns() {
    return !optIns.isEmpty();
  }

  /** Under which a grantee is found; an organization by its id, whoever manages it. */
  static String key(Grantee grantee) {
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

  private static Resource folded(Resource on) {
    if (on instanceof Resource.Database of) {
      return new Resource.Database(of.account(), Fold.of(of.name()));
    } else if (on instanceof Resource.AllTables of) {
      return new Resource.AllTables(of.account(), Fold.of(of.in()));
    } else if (on instanceof Resource.Table of) {
      return new Resource.Table(of.account(), Fold.of(of.in()), Fold.of(of.name()));
    }
    return on;
  }
}
