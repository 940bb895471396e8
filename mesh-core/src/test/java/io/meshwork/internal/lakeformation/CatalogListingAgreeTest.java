package io.meshwork.internal.lakeformation;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.Denial;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Listings say what asking for each thing says, in worlds by the naive evaluator's measure. */
class CatalogListingAgreeTest {
  private static final int WORLDS = 300;

  @Test
  void onePassFindsWhatAskingForEachTableFinds() {
    int found = 0;
    for (long seed = 1; seed <= WORLDS; seed++) {
      RandomWorlds worlds = new RandomWorlds(seed);
      AccessState world = worlds.world();
      AccessEvaluator evaluator = AccessEvaluator.over(world);
      for (int i = 0; i < 8; i++) {
        Grantee principal = worlds.principal();
        List<String> expected = new ArrayList<>();
        for (Resource.Table table : tables(world)) {
          AccessQuestion question =
              AccessQuestion.of(principal, Permission.SELECT, table, RandomWorlds.NOW);
          if (new NaiveAccess(world, RandomWorlds.NOW).answer(question).allowed()) {
            expected.add(table.toString());
          }
        }

        List<String> listed =
            evaluator.listReadable(principal, RandomWorlds.NOW).stream()
                .map(readable -> readable.table().toString())
                .toList();
        assertThat(listed)
            .as("seed %s, %s", seed, principal)
            .containsExactlyInAnyOrderElementsOf(expected);
        found += listed.size();
      }
    }
    assertThat(found).isGreaterThan(WORLDS);
  }

  @Test
  void aCatalogShowsWhatMayBeDescribed() {
    int found = 0;
    for (long seed = 1; seed <= WORLDS; seed++) {
      RandomWorlds worlds = new RandomWorlds(seed);
      AccessState world = withIam(worlds.world());
      AccessEvaluator evaluator = AccessEvaluator.over(world);
      for (int i = 0; i < 8; i++) {
        Grantee principal = worlds.principal();
        for (String account : RandomWorlds.ACCOUNTS) {
          assertThat(evaluator.listDatabases(principal, account, RandomWorlds.NOW).names())
              .as("seed %s, %s in %s", seed, principal, account)
              .containsExactlyElementsOf(databases(world, principal, account));
        }
        for (AccessFacts.Database database : world.databases()) {
          Resource.Database in = new Resource.Database(database.account(), database.name());
          List<String> listed = evaluator.listTables(principal, in, RandomWorlds.NOW).names();
          assertThat(listed)
              .as("seed %s, %s in %s", seed, principal, in)
              .containsExactlyElementsOf(tables(world, principal, database));
          found += listed.size();
        }
      }
    }
    assertThat(found).isGreaterThan(WORLDS);
  }

  @Test
  void throughALinkOneSeesWhatOneSeesInItsTarget() {
    Grantee reader = Grantee.of(RandomWorlds.arn(RandomWorlds.B, "r1"));
    Resource.Database link = new Resource.Database(RandomWorlds.B, "sales_link");
    for (long seed = 1; seed <= WORLDS; seed++) {
      AccessState world = withIam(new RandomWorlds(seed).world());
      AccessEvaluator evaluator = AccessEvaluator.over(world);
      boolean seen = describes(world, reader, link);
      AccessEvaluator.ListedNames listing = evaluator.listTables(reader, link, RandomWorlds.NOW);
      if (!seen) {
        assertThat(listing.missing())
            .as("seed %s", seed)
            .containsExactly(Denial.of(DenialCode.LINK_DESCRIBE));
        continue;
      }
      List<String> expected = new ArrayList<>();
      for (Resource.Table table : tables(world)) {
        if (table.account().equals(RandomWorlds.A)
            && table.in().equals("sales")
            && describes(world, reader, table)) {
          expected.add(table.name());
        }
      }
      assertThat(listing.names())
          .as("seed %s", seed)
          .containsExactlyElementsOf(new TreeSet<>(expected));
    }
  }

  /** The world with IAM letting everybody ask Glue, as listings do not look at it. */
  private static AccessState withIam(AccessState world) {
    AccessState.Builder builder = world.toBuilder();
    builder.principals.replaceAll(
        it ->
            new AccessFacts.PrincipalFacts(
                it.arn(), it.groups(), true, it.getDataAccess(), it.s3()));
    return builder.build();
  }

  private static TreeSet<String> databases(AccessState world, Grantee principal, String account) {
    TreeSet<String> names = new TreeSet<>();
    for (AccessFacts.Database one : world.databases()) {
      if (one.account().equals(account)
          && describes(world, principal, new Resource.Database(account, one.name()))) {
        names.add(one.name());
      }
    }
    for (AccessFacts.Link link : world.links()) {
      if (link.account().equals(account)
          && link.database().isEmpty()
          && describes(world, principal, new Resource.Database(account, link.name()))) {
        names.add(link.name());
      }
    }
    return names;
  }

  private static TreeSet<String> tables(
      AccessState world, Grantee principal, AccessFacts.Database database) {
    TreeSet<String> names = new TreeSet<>();
    for (AccessFacts.Table table : database.tables()) {
      if (describes(
          world,
          principal,
          new Resource.Table(database.account(), database.name(), table.name()))) {
        names.add(table.name());
      }
    }
    NaiveAccess naive = new NaiveAccess(world, RandomWorlds.NOW);
    for (AccessFacts.Link link : world.links()) {
      if (link.account().equals(database.account())
          && link.database().filter(database.name()::equals).isPresent()
          && !naive.linkRight(principal.id(), link, Permission.DESCRIBE).isEmpty()) {
        names.add(link.name());
      }
    }
    return names;
  }

  private static boolean describes(AccessState world, Grantee principal, Resource on) {
    AccessQuestion question =
        AccessQuestion.of(principal, Permission.DESCRIBE, on, RandomWorlds.NOW);
    return new NaiveAccess(world, RandomWorlds.NOW).answer(question).allowed();
  }

  private static List<Resource.Table> tables(AccessState world) {
    List<Resource.Table> all = new ArrayList<>();
    for (AccessFacts.Database database : world.databases()) {
      for (AccessFacts.Table table : database.tables()) {
        all.add(new Resource.Table(database.account(), database.name(), table.name()));
      }
    }
    return all;
  }
}
