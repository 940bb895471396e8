package io.meshwork.internal.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.access.GrantOperation;
import io.meshwork.access.TagSelection;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.change.ChangeOperations;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.grants.AccessGrants;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.ledger.TestMesh;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a role may read, and why, is the same from the grants that concern it as from all grants on
 * the product.
 */
class GrantsOfOneRoleTest {
  private static final ProductName ORDERS = ProductName.of("shop/orders");
  private static final MeshAction ACTION = MeshAction.of(Verb.EXPLAIN, "access to " + ORDERS);
  private static final List<String> RECIPIENTS = List.of("finance", "growth", "lab");
  private static final List<String> ROLES = List.of("etl", "analyst", "intern");
  private static final List<String> FILTERS =
      List.of("region = 'SE'", "id > 5", "card LIKE 'c%'", "region = 'SE' AND id < 9");

  record PaidOrder(long id, String region, double amount, String card) {}

  @TempDir private Path folder;
  private final TestMesh mesh = new TestMesh();
  private int accepted;

  private ClientSession as(String account, String role) {
    LocalFileIO files = new LocalFileIO();
    return new ClientSession(
        Principal.of(account, role),
        mesh.ledger,
        new Catalog(mesh.ledger),
        new MeshTables(
            mesh.ledger, files, new DataPlaces(new Catalog(mesh.ledger), folder.toString())),
        files,
        UnaryOperator.identity(),
        mesh.runtime,
        Optional::empty);
  }

  private void register() {
    ChangeOperations.registerDomain(as("shop", "etl"), "shop").owner("shop@example.org").commit();
    for (String domain : RECIPIENTS) {
      ChangeOperations.registerDomain(as(domain, "etl"), domain)
          .owner(domain + "@example.org")
          .administrators(Principal.of(domain, "etl"))
          .commit();
    }
    ChangeOperations.defineProduct(as("shop", "etl"), ORDERS)
        .contract(Contract.of(PaidOrder.class).classification(Classification.CONFIDENTIAL, "card"))
        .commit();
    new AccessGrants(as("shop", "etl")).defineTag("team", "red", "blue").commit();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void explanationsOfARoleAreThoseFromAllGrants(int seed) {
    register();
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      change(random);
      mesh.pass(Duration.ofMinutes(7));
    }
    assertThat(accepted).as("accepted changes of seed %s", seed).isGreaterThan(12);
    reclassify(random);
    for (String account : List.of("finance", "growth", "lab", "elsewhere", "shop")) {
      for (String name : List.of("etl", "analyst", "intern", "nobody")) {
        compare(account, name, seed);
      }
    }
  }

  private void compare(String account, String name, int seed) {
    ClientSession session = as("shop", "etl");
    Grantee role = Grantee.of(Principal.of(account, name));
    ProductRights all = rights(session, Optional.empty());
    String who = account + "/" + name;
    assertThat(all.explain(who, role))
        .as("%s of seed %s", who, seed)
        .isEqualTo(all.explain(who, role, all.decide(role)));
    assertThat(rights(session, Optional.of(account)).explain(who, role))
        .as("%s of seed %s, read for its account", who, seed)
        .isEqualTo(all.explain(who, role));
  }

  private static ProductRights rights(ClientSession session, Optional<String> account) {
    return ProductRights.ofVersions(
            session,
            session.rights(),
            new ResolvedProduct(ORDERS, Optional.empty()),
            account,
            ACTION)
        .get(0);
  }

  /** Tries a change; some are refused, as they would be to users. */
  private void change(Random random) {
    try {
      switch (random.nextInt(8)) {
        case 0 -> tag(random);
        case 1 -> byTags(random);
        case 2, 3 -> passOn(random);
        default -> grant(random);
      }
      accepted++;
    } catch (MeshException refused) {
      assertThat(refused).hasMessageContaining("shop");
    }
  }

  private void tag(Random random) {
    new AccessGrants(as("shop", "etl"))
        .tag(ORDERS)
        .set("team", random.nextBoolean() ? "red" : "blue")
        .commit();
  }

  private void byTags(Random random) {
    GrantOperation<?> grant =
        new AccessGrants(as("shop", "etl"))
            .grantByTags(TagSelection.where("domain", "shop").and("team", "red"))
            .includeSensitive()
            .because("work");
    (random.nextBoolean()
            ? grant.to(role(random))
            : grant.toAccounts(account(random)).withGrantOption())
        .commit();
  }

  private void grant(Random random) {
    GrantOperation.ByName grant =
        limited(new AccessGrants(as("shop", "etl")).grant(ORDERS), random);
    switch (random.nextInt(6)) {
      case 0, 1 -> grant.toAccounts(account(random)).withGrantOption();
      case 2 -> grant.toMesh().withGrantOption();
      case 3 -> grant.to(role(random)).withGrantOption();
      default -> grant.to(role(random), role(random));
    }
    grant.commit();
  }

  private void passOn(Random random) {
    String account = account(random);
    GrantOperation.ByName grant =
        limited(new AccessGrants(as(account, pick(ROLES, random))).grant(ORDERS), random);
    (random.nextInt(3) == 0
            ? grant.toAllRoles(account)
            : grant.to(Principal.of(account, pick(ROLES, random))))
        .commit();
  }

  private GrantOperation.ByName limited(GrantOperation.ByName grant, Random random) {
    grant.because("work");
    switch (random.nextInt(4)) {
      case 0 -> grant.columns("id", pick(List.of("region", "amount", "card"), random));
      case 1 -> grant.exceptColumns(pick(List.of("region", "card"), random));
      case 2 -> grant.rows(pick(FILTERS, random));
      default -> grant.includeSensitive();
    }
    if (random.nextInt(3) == 0) {
      // Few ends, as an explanation looks at the last ten only.
      grant.until(mesh.now().plus(Duration.ofHours(1 + random.nextInt(2))));
    }
    return grant;
  }

  /** Makes a column more sensitive, so that some grants lose it. */
  private void reclassify(Random random) {
    if (random.nextBoolean()) {
      ChangeOperations.amendContract(as("shop", "etl"), ORDERS)
          .change(contract -> contract.classification(Classification.RESTRICTED, "region"))
          .commit();
    }
  }

  private static Principal role(Random random) {
    return Principal.of(account(random), pick(ROLES, random));
  }

  private static String account(Random random) {
    return pick(RECIPIENTS, random);
  }

  private static <T> T pick(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }
}
