package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.index.DataScope;
import io.meshwork.internal.lakeformation.index.GrantEffect;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates grants and implicit permissions on one table. IAM and access to the files are evaluated
 * elsewhere.
 */
final class TableEvaluator {
  private static final Set<Permission> EVERYTHING = Set.of(Permission.ALL);

  private final EvaluationContext context;
  private final TableNode table;
  private final Permission action;

  /** A grant with its effect on the table. */
  private record GrantWithEffect(IndexedGrant grant, GrantEffect effect) {}

  private TableEvaluator(EvaluationContext context, TableNode table, Permission action) {
    this.context = context;
    this.table = table;
    this.action = action;
  }

  static EvaluationResult evaluate(EvaluationContext context, TableNode table, Permission action) {
    return new TableEvaluator(context, table, action).evaluate();
  }

  /** Grants that name a table or all tables of its database. */
  static EvaluationContext.GrantSelector named(TableNode table) {
    return held -> concat(held.on(table), held.onAllTables(table.in()));
  }

  /** Grants that name a table, and tag policies that may match it. */
  static EvaluationContext.GrantSelector any(TableNode table) {
    EvaluationContext.GrantSelector named = named(table);
    return held -> concat(named.from(held), held.tablePolicies());
  }

  /**
   * Grants of ALL to {@code IAM_ALLOWED_PRINCIPALS} on this table or on all tables of its database.
   */
  static List<IndexedGrant> controlledByIam(EvaluationContext context, TableNode table) {
    List<IndexedGrant> open = context.controlledByIam(named(table));
    open.removeIf(
        grant -> !grant.isOnWholeTable() || !grant.grant().permissions().contains(Permission.ALL));
    return open;
  }

  private EvaluationResult evaluate() {
    EvaluationResult result = new EvaluationResult();
    List<IndexedGrant> open = controlledByIam(context, table);
    boolean byIam = !open.isEmpty() && !context.optedIn(table);
    if (byIam && !context.foreign()) {
      open.forEach(result::allow);
      result.add(DataScope.everything(table));
      return result;
    }
    byCreation(result);
    if (byIam) {
      if (!result.allowed()) {
        result.miss(DenialCode.OPT_IN);
      }
      return result;
    }
    if (action == Permission.DESCRIBE && context.ownAdmin()) {
      result.allow("admin");
      result.add(DataScope.everything(table));
    }
    byGrants(result);
    return result;
  }

  private void byCreation(EvaluationResult result) {
    if (!IndexedGrant.coversOnTable(EVERYTHING, action)) {
      return;
    }
    if (table.isCreator(context.principal())) {
      result.allow("table-creator");
      result.add(DataScope.everything(table));
    }
    if (context.isAdminOf(table.foreignCreatorAccount())) {
      result.allow("creator-account-admin");
      result.add(DataScope.everything(table));
    }
  }

  private void byGrants(EvaluationResult result) {
    List<IndexedGrant> direct = context.direct(any(table));
    List<IndexedGrant> local = context.foreign() ? context.local(any(table)) : List.of();
    boolean columnListsVoid = changes(direct) || changes(local);
    for (IndexedGrant grant : direct) {
      GrantEffect effect = effect(grant, columnListsVoid);
      if (effect == null) {
        continue;
      }
      if (context.isActive(grant)) {
        result.allow(grant, effect.columns());
        result.add(DataScope.of(effect));
      } else {
        result.miss(DenialCode.RAM_SHARE);
      }
    }
    if (context.foreign()) {
      byDelegation(result, local, columnListsVoid);
    }
  }

  private void byDelegation(
      EvaluationResult result, List<IndexedGrant> local, boolean columnListsVoid) {
    List<GrantWithEffect> shared = new ArrayList<>();
    for (IndexedGrant grant : context.accountLevel(any(table))) {
      GrantEffect effect = effect(grant, false);
      if (effect == null) {
        continue;
      }
      if (context.isActive(grant)) {
        shared.add(new GrantWithEffect(grant, effect));
      } else {
        result.miss(DenialCode.RAM_SHARE);
      }
    }
    List<GrantWithEffect> passedOn = new ArrayList<>();
    for (IndexedGrant grant : local) {
      GrantEffect effect = effect(grant, columnListsVoid);
      if (effect != null && revealsHidden(grant)) {
        result.miss(DenialCode.CONDITION_REVEALS);
      } else if (effect != null) {
        passedOn.add(new GrantWithEffect(grant, effect));
      }
    }
    if (action == Permission.DESCRIBE && context.recipientAdmin()) {
      for (GrantWithEffect share : shared) {
        result.allow("admin");
        result.allow(share.grant(), share.effect().columns());
        result.add(new DataScope(share.effect().columns(), Set.of()));
      }
    }
    List<GrantWithEffect> mayBePassedOn = new ArrayList<>(shared);
    if (context.index().state().heldWithOption()) {
      mayBePassedOn.removeIf(share -> !isGrantable(share.grant()));
    }
    combine(result, mayBePassedOn, passedOn);
    if (!shared.isEmpty() && (passedOn.isEmpty() || mayBePassedOn.isEmpty())) {
      result.miss(DenialCode.LOCAL_GRANT);
    } else if (shared.isEmpty() && !passedOn.isEmpty() && !result.misses(DenialCode.RAM_SHARE)) {
      result.miss(DenialCode.ACCOUNT_GRANT);
    }
  }

  private boolean revealsHidden(IndexedGrant local) {
    return context.index().state().heldWithOption()
        && !DelegatedCondition.hiddenColumns(context, table, local.grant().on()).isEmpty();
  }

  /** Returns true if a grant has the grant option for the action. */
  private boolean isGrantable(IndexedGrant grant) {
    GrantEffect effect = GrantEffect.of(grant, table, grant.grant().grantable());
    return effect != null && effect.allows(action);
  }

  private static void combine(
      EvaluationResult result, List<GrantWithEffect> shared, List<GrantWithEffect> passedOn) {
    Set<DataScope> seen = new HashSet<>();
    for (GrantWithEffect share : shared) {
      for (GrantWithEffect local : passedOn) {
        DataScope scope = DataScope.intersection(share.effect(), local.effect());
        if (!scope.columns().isEmpty()) {
          result.allow(share.grant(), scope.columns());
          result.allow(local.grant(), scope.columns());
          if (seen.add(scope)) {
            result.add(scope);
          }
        }
      }
    }
  }

  /** The effect of a grant, if it includes the action. */
  private @Nullable GrantEffect effect(IndexedGrant grant, boolean columnListsVoid) {
    if (columnListsVoid && grant.isColumnList()) {
      return null;
    }
    GrantEffect effect = GrantEffect.of(grant, table, grant.grant().permissions());
    return effect != null && effect.allows(action) ? effect : null;
  }

  /**
   * Returns true if one of the grants names the table and permits changes of it, which makes column
   * lists void.
   */
  private static boolean changes(List<IndexedGrant> grants) {
    for (IndexedGrant grant : grants) {
      if (grant.isOnWholeTable()) {
        Set<Permission> granted = grant.grant().permissions();
        if (granted.contains(Permission.ALL)
            || granted.contains(Permission.ALTER)
            || granted.contains(Permission.DROP)
            || granted.contains(Permission.INSERT)
            || granted.contains(Permission.DELETE)) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<IndexedGrant> concat(List<IndexedGrant> one, List<IndexedGrant> other) {
    if (one.isEmpty()) {
      return other;
    } else if (other.isEmpty()) {
      return one;
    }
    List<IndexedGrant> all = new ArrayList<>(one.size() + other.size());
    all.addAll(one);
    all.addAll(other);
    return all;
  }
}
