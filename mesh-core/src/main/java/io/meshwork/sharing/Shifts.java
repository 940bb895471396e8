package io.meshwork.sharing;

import io.meshwork.access.AccessDecision;
import io.meshwork.access.AccessEvaluator;
import io.meshwork.access.AccessFacts.Account;
import io.meshwork.access.AccessQuestion;
import io.meshwork.access.AccessState;
import io.meshwork.access.Grant;
import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import io.meshwork.access.Resource;
import io.meshwork.access.RowFilter;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.sharing.AccessPlan.RowsMeant;
import io.meshwork.sharing.AccessPlan.Shift;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Compares who reads what before and after a change. What an account is given is asked of a role to
 * which that account hands everything on; no real role has its name.
 */
final class Shifts {
  /** What no grant is called: by it an account hands on all that it is given. */
  static final String HANDED_ON = "handed on";

  private static final String NOBODY = "+";

  private final RightsWorld before;
  private final RightsWorld after;
  private final Instant at;
  private final Map<String, Grantee> asked = new LinkedHashMap<>();
  private final List<Shift> gains = new ArrayList<>();
  private final List<Shift> losses = new ArrayList<>();

  private Shifts(RightsWorld before, RightsWorld after, Instant at) {
    this.before = before;
    this.after = after;
    this.at = at;
    Stream.concat(before.grants().stream(), after.grants().stream())
        .forEach(grant -> asked.put(Shown.grantee(grant.to()), grant.to()));
  }

  static Shifts between(RightsWorld before, RightsWorld after, Instant at) {
    Shifts shifts = new Shifts(before, after, at);
    shifts.compare();
    return shifts;
  }

  List<Shift> gains() {
    return gains;
  }

  List<Shift> losses() {
    return losses;
  }

  private void compare() {
    AccessEvaluator earlier = evaluator(before);
    AccessEvaluator later = evaluator(after);
    for (TableRights table : after.tables()) {
      for (Map.Entry<String, Grantee> one : asked.entrySet()) {
        AccessQuestion question =
            AccessQuestion.of(
                standIn(one.getValue()), Permission.SELECT, after.resource(table.product()), at);
        compare(one.getKey(), table, earlier.decide(question), later.decide(question));
      }
    }
  }

  private void compare(String who, TableRights table, AccessDecision was, AccessDecision is) {
    shift(who, table, was, is, RowsMeant.FEWER, losses);
    shift(who, table, is, was, RowsMeant.MORE, gains);
  }

  /** What the one lets through and the other does not: one shift for each kind of rows. */
  private static void shift(
      String who,
      TableRights table,
      AccessDecision one,
      AccessDecision other,
      RowsMeant whereBothDo,
      List<Shift> to) {
    Map<RowsMeant, List<String>> kinds = new EnumMap<>(RowsMeant.class);
    for (String column : table.columns()) {
      if (!one.columns().contains(column)) {
        continue;
      } else if (!other.columns().contains(column)) {
        RowsMeant rows = where(one, column).everyRow() ? RowsMeant.EVERY : RowsMeant.SOME;
        kinds.computeIfAbsent(rows, each -> new ArrayList<>()).add(column);
      } else if (hasMoreRows(where(one, column), where(other, column))) {
        kinds.computeIfAbsent(whereBothDo, each -> new ArrayList<>()).add(column);
      }
    }
    kinds.forEach(
        (rows, columns) ->
            to.add(
                new Shift(
                    who,
                    table.product(),
                    Permission.SELECT,
                    columns,
                    rows,
                    String.join("; ", Shown.reasons(one, columns)))));
  }

  private static RowFilter where(AccessDecision decision, String column) {
    return decision.cellFilters().getOrDefault(column, decision.rowFilter());
  }

  /** True if some alternative of the one is in none of the other's: then it may show more rows. */
  private static boolean hasMoreRows(RowFilter one, RowFilter other) {
    return one.alternatives().stream()
        .anyMatch(each -> other.alternatives().stream().noneMatch(each::containsAll));
  }

  private static Grantee standIn(Grantee grantee) {
    String account = grantee.account().orElse(NOBODY);
    return grantee.kind() == Grantee.Kind.PRINCIPAL
        ? grantee
        : Grantee.of(
            "arn:aws:iam::"
                + account
                + ":role/"
                + NOBODY
                + (grantee.kind() == Grantee.Kind.ACCOUNT_PRINCIPALS ? NOBODY : ""));
  }

  private AccessEvaluator evaluator(RightsWorld world) {
    AccessState.Builder state = world.state(List.of()).toBuilder();
    state.accounts(
        Account.of(NOBODY, RightsWorld.whoActsFor(NOBODY).id()).in(RightsWorld.ORGANIZATION));
    for (Grantee one : asked.values()) {
      if (one.kind() == Grantee.Kind.ACCOUNT || one.kind() == Grantee.Kind.ORGANIZATION) {
        for (TableRights table : world.tables()) {
          Resource.Table on = world.resource(table.product());
          state.grants(
              Grant.of(HANDED_ON, standIn(one), on, Permission.SELECT)
                  .madeIn(one.account().orElse(NOBODY)));
        }
      }
    }
    return AccessEvaluator.over(state.build());
  }
}
