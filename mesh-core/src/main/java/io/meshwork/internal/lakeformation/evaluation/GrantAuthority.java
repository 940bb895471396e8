package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.DatabaseNode;
import io.meshwork.internal.lakeformation.index.GrantEffect;
import io.meshwork.internal.lakeformation.index.GrantStructure;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import io.meshwork.internal.lakeformation.index.LinkNode;
import io.meshwork.internal.lakeformation.index.SelectAuthority;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks whether an actor may make a grant: as administrator, as creator, or with grant option. */
final class GrantAuthority {
  private final AccessIndex index;
  private final EvaluationContext context;
  private final Grant grant;
  private final Resource on;

  GrantAuthority(AccessIndex index, Grantee actor, Grant grant, Instant at) {
    this.index = index;
    this.context = new EvaluationContext(index, actor, grant.on().account(), at);
    this.grant = grant;
    this.on = grant.on();
  }

  /** The code of the first permission that may not be granted; null if all may be granted. */
  @Nullable FindingCode fault() {
    if (index.account(context.home()).readOnlyAdmins().contains(context.principal())) {
      return FindingCode.NOT_AUTHORIZED;
    } else if (context.isAdminOf(on.account())) {
      return null;
    }
    for (Permission permission : grant.permissions()) {
      FindingCode fault = fault(permission);
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private @Nullable FindingCode fault(Permission permission) {
    Resource.PolicyType policy = GrantStructure.policyType(on);
    if (policy != null) {
      return new PolicyAuthority(index, context, grant, policy).fault(permission);
    }
    LinkNode link = index.linkNamed(on);
    if (link != null) {
      boolean may =
          link.link().creator().equals(context.principal())
              || (!context.foreign() && mayPassOn(permission, LinkEvaluator.selector(link)));
      return may ? null : FindingCode.NOT_GRANTABLE;
    } else if (on.table().isPresent()) {
      return onTable(permission);
    } else if (on.database().isPresent()) {
      return onDatabase(permission) ? null : FindingCode.NOT_GRANTABLE;
    }
    EvaluationContext.GrantSelector selector =
        held ->
            held.otherGrants().stream()
                .filter(covering -> CatalogEvaluator.covers(covering.grant().on(), on))
                .toList();
    return mayPassOn(permission, selector) ? null : FindingCode.NOT_GRANTABLE;
  }

  private boolean onDatabase(Permission permission) {
    DatabaseNode database = index.database(on.account(), on.database().orElseThrow());
    if (database == null) {
      return false;
    } else if (on instanceof Resource.AllTables) {
      return mayPassOn(permission, held -> held.onAllTables(database));
    }
    return database.isCreator(context.principal())
        || mayPassOn(permission, DatabaseEvaluator.any(database));
  }

  /**
   * Returns true if the grant option for a permission comes from one of some grants on the
   * resource.
   */
  private boolean mayPassOn(Permission permission, EvaluationContext.GrantSelector selector) {
    for (IndexedGrant held : context.direct(selector)) {
      if (context.isActive(held) && grantable(held, permission)) {
        return true;
      }
    }
    boolean shared = false;
    for (IndexedGrant held : context.accountLevel(selector)) {
      if (context.isActive(held) && grantable(held, permission)) {
        shared = true;
        if (context.isAdminOf(context.home())) {
          return true;
        }
      }
    }
    return shared && context.local(selector).stream().anyMatch(held -> grantable(held, permission));
  }

  private static boolean grantable(IndexedGrant held, Permission permission) {
    return has(held.grant().grantable(), permission);
  }

  private static boolean has(Set<Permission> some, Permission permission) {
    return some.contains(permission) || some.contains(Permission.ALL);
  }

  private @Nullable FindingCode onTable(Permission permission) {
    TableNode table =
        index.table(on.account(), on.database().orElseThrow(), on.table().orElseThrow());
    if (table == null) {
      return FindingCode.NOT_GRANTABLE;
    } else if (table.isCreator(context.principal())
        || context.isAdminOf(table.foreignCreatorAccount())) {
      return null;
    } else if (on instanceof Resource.FilteredTable filtered && permission != Permission.SELECT) {
      // DESCRIBE and DROP of a filter are on the filter itself, not on the table.
      return mayPassOn(permission, held -> sameFilter(held.on(table), filtered.filter()))
          ? null
          : FindingCode.NOT_GRANTABLE;
    }
    List<IndexedGrant> passedOn = new ArrayList<>();
    for (IndexedGrant held : context.direct(TableEvaluator.any(table))) {
      if (context.isActive(held)) {
        passedOn.add(held);
      }
    }
    boolean shared = false;
    for (IndexedGrant held : context.accountLevel(TableEvaluator.any(table))) {
      // A role of the account can only pass on what the account itself can pass on now.
      if (context.isActive(held) && outright(held, table, permission) != null) {
        shared = true;
        if (permission == Permission.SELECT && revealsHidden(table)) {
          return FindingCode.COLUMNS_NOT_SUBSET;
        }
        // The share limits the columns and rows that an administrator passes on.
        if (context.isAdminOf(context.home())) {
          return null;
        }
      }
    }
    if (shared) {
      passedOn.addAll(context.local(TableEvaluator.any(table)));
    }
    List<IndexedGrant> sources = new ArrayList<>();
    List<GrantEffect> effects = new ArrayList<>();
    for (IndexedGrant held : passedOn) {
      GrantEffect effect = outright(held, table, permission);
      if (effect != null) {
        sources.add(held);
        effects.add(effect);
      }
    }
    if (effects.isEmpty()) {
      return FindingCode.NOT_GRANTABLE;
    }
    return permission == Permission.SELECT
        ? SelectAuthority.fault(on, table, sources, effects)
        : null;
  }

  private boolean revealsHidden(TableNode table) {
    return index.state().heldWithOption()
        && !DelegatedCondition.hiddenColumns(context, table, on).isEmpty();
  }

  private static @Nullable GrantEffect outright(
      IndexedGrant held, TableNode table, Permission permission) {
    GrantEffect effect = GrantEffect.of(held, table, held.grant().grantable());
    return effect != null && effect.givesOutright(permission) ? effect : null;
  }

  private static List<IndexedGrant> sameFilter(List<IndexedGrant> some, String filter) {
    return some.stream()
        .filter(
            held ->
                held.grant().on() instanceof Resource.FilteredTable filtered
                    && filtered.filter().equals(filter))
        .toList();
  }
}
