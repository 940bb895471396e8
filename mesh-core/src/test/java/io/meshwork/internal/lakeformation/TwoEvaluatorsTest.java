package io.meshwork.internal.lakeformation;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.NaiveAccess.Answer;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.DataScope;
import io.meshwork.internal.lakeformation.index.ResolvedResource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The evaluator and the naive one, which share nothing but the values, must say the same. */
class TwoEvaluatorsTest {
  private static final int QUESTIONS_A_WORLD = 40;

  @Test
  void bothSayTheSameOfEveryCell() {
    compare(20_261_120L, Integer.getInteger("mesh.access.scopes", 60_000));
  }

  @Test
  @Tag("nightly")
  void bothSayTheSameAMillionTimes() {
    compare(7_000_000_007L, 1_000_000);
  }

  private static void compare(long firstSeed, int scopes) {
    Set<String> kinds = new HashSet<>();
    for (int i = 0; i < scopes / QUESTIONS_A_WORLD; i++) {
      long seed = firstSeed + i;
      RandomWorlds worlds = new RandomWorlds(seed);
      AccessState world = worlds.world();
      AccessEvaluator evaluator = AccessEvaluator.over(world);
      for (int j = 0; j < QUESTIONS_A_WORLD; j++) {
        AccessQuestion question = worlds.question();
        String ours = told(evaluator.decide(question), world, question);
        String naive = told(new NaiveAccess(world, question.at()).answer(question));
        if (!ours.equals(naive)) {
          throw new AssertionError("seed " + seed + ", " + smallest(world, question));
        }
        kinds.add(ours.substring(0, Math.min(ours.length(), 24)));
      }
    }
    assertThat(kinds).as("kinds of answers that came up").hasSizeGreaterThan(20);
  }

  /** A world in which nothing can be left out without the difference going away. */
  private static String smallest(AccessState world, AccessQuestion question) {
    AccessState small = world;
    boolean less = true;
    while (less) {
      less = false;
      for (UnaryOperator<AccessState> change : removals(small)) {
        AccessState smaller = change.apply(small);
        if (differs(smaller, question)) {
          small = smaller;
          less = true;
          break;
        }
      }
    }
    return question
        + "\nours:  "
        + told(AccessEvaluator.over(small).decide(question), small, question)
        + "\nnaive: "
        + told(new NaiveAccess(small, question.at()).answer(question))
        + "\nin "
        + small;
  }

  private static boolean differs(AccessState world, AccessQuestion question) {
    return !told(AccessEvaluator.over(world).decide(question), world, question)
        .equals(told(new NaiveAccess(world, question.at()).answer(question)));
  }

  private static List<UnaryOperator<AccessState>> removals(AccessState world) {
    List<UnaryOperator<AccessState>> some = new ArrayList<>();
    world.grants().forEach(it -> some.add(w -> without(w, b -> b.grants.remove(it))));
    world.optIns().forEach(it -> some.add(w -> without(w, b -> b.optIns.remove(it))));
    world.shares().forEach(it -> some.add(w -> without(w, b -> b.shares.remove(it))));
    world.links().forEach(it -> some.add(w -> without(w, b -> b.links.remove(it))));
    world.filters().forEach(it -> some.add(w -> without(w, b -> b.filters.remove(it))));
    world.locations().forEach(it -> some.add(w -> without(w, b -> b.locations.remove(it))));
    world.principals().forEach(it -> some.add(w -> without(w, b -> b.principals.remove(it))));
    world.databases().forEach(it -> some.add(w -> without(w, b -> b.databases.remove(it))));
    world.accounts().forEach(it -> some.add(w -> without(w, b -> b.accounts.remove(it))));
    return some;
  }

  private static AccessState without(AccessState world, Consumer<AccessState.Builder> removal) {
    AccessState.Builder builder = world.toBuilder();
    removal.accept(builder);
    return builder.build();
  }

  private static String told(Answer answer) {
    return answer.allowed()
        ? "allowed " + answer.matched() + answer.columns() + answer.cells() + answer.resolved()
        : "denied " + answer.missing();
  }

  private static String told(AccessDecision decision, AccessState world, AccessQuestion question) {
    if (!decision.allowed()) {
      return "denied " + decision.missing();
    }
    SortedSet<String> cells =
        question.action() == Permission.SELECT ? cells(decision, world, question) : new TreeSet<>();
    String resolved = decision.resolved().map(it -> it.name().toLowerCase(Locale.ROOT)).orElse("");
    return "allowed " + decision.matched() + decision.columns() + cells + resolved;
  }

  /** Every cell that the ways of reading let be seen, which filters of rows and cells must say. */
  private static SortedSet<String> cells(
      AccessDecision decision, AccessState world, AccessQuestion question) {
    ResolvedResource place = ResolvedResource.of(new AccessIndex(world), question.on());
    AccessFacts.Database database = place.database().database();
    List<String> conditions =
        NaiveTable.conditions(
            new NaiveAccess(world, question.at()).filters(database, place.table().table()));
    SortedSet<String> cells = new TreeSet<>();
    for (int row = 0; row < 1 << conditions.size(); row++) {
      Set<String> holding = new HashSet<>();
      for (int i = 0; i < conditions.size(); i++) {
        if ((row & 1 << i) != 0) {
          holding.add(conditions.get(i));
        }
      }
      boolean any = false;
      for (DataScope scope : decision.scopes().list()) {
        if (holding.containsAll(scope.conditions())) {
          for (int column : scope.columns().stream().toArray()) {
            cells.add(place.table().columns().get(column) + "@" + row);
            any = true;
          }
        }
      }
      assertThat(admits(decision.permission().rowFilter(), holding))
          .as("row filter of %s", question)
          .isEqualTo(any);
      for (String column : decision.columns()) {
        assertThat(admits(decision.permission().rowsOf(column), holding))
            .as("cell filter of %s for %s", column, question)
            .isEqualTo(cells.contains(column + "@" + row));
      }
    }
    return cells;
  }

  private static boolean admits(RowFilter filter, Set<String> holding) {
    return filter.alternatives().stream().anyMatch(holding::containsAll);
  }
}
