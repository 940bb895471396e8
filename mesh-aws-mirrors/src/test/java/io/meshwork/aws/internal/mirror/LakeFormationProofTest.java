package io.meshwork.aws.internal.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.Permission;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rights.AccessPolicy;
import io.meshwork.internal.rights.CatalogAccess;
import io.meshwork.internal.rights.CatalogAccess.DomainAccess;
import io.meshwork.internal.rights.CatalogAccess.MajorTable;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

/**
 * The proof that Lake Formation decides as the mesh does: random meshes become objects, the objects
 * are read back, and the evaluator gives the answers of the mesh.
 */
class LakeFormationProofTest {
  private static final String GOVERNANCE = "500000000000";
  private static final String SECOND = "112111111111";
  private static final Map<String, List<String>> DOMAINS =
      new TreeMap<>(
          Map.of(
              "commerce", List.of("111111111111", SECOND),
              "finance", List.of("333333333333"),
              "risk-office", List.of("444444444444")));
  private static final String ORGANIZATION = "o-abcdefghij";

  /** How often each kind of answer was given, so that the proof is not one of denials only. */
  private final Map<ReadAnswer.Kind, Integer> answers = new EnumMap<>(ReadAnswer.Kind.class);

  private final Map<RandomDomains.Change, Integer> changes =
      new EnumMap<>(RandomDomains.Change.class);

  @Test
  void randomMeshesHaveTheSameAnswersInLakeFormation() {
    for (int i = 0; i < 40; i++) {
      long seed = 1_000 + i;
      try (RandomMesh mesh = new RandomMesh(new Random(seed))) {
        mesh.grow();
        compare(mesh, "seed " + seed, i % 2 == 0);
        mesh.domains.change(6);
        mesh.clock.advance(Duration.ofDays(2));
        compare(mesh, "seed " + seed + ", two days later", i % 2 == 0);
        mesh.domains.made().forEach((change, count) -> changes.merge(change, count, Integer::sum));
      }
    }
    assertThat(changes).containsOnlyKeys(RandomDomains.Change.values());
    assertThat(answers).containsOnlyKeys(ReadAnswer.Kind.values());
    assertThat(answers.values()).allSatisfy(count -> assertThat(count).isGreaterThan(20));
  }

  @Test
  void aGrantIsNotPassedOnInLakeFormationByAColumnThatItsAccountMayNotRead() {
    String people = "commerce/people";
    try (RandomMesh mesh = new RandomMesh(new Random(1))) {
      mesh.register();
      MeshClient shop = mesh.as("commerce");
      Principal reader = Principal.of("333333333333", "analyst");
      shop.defineProduct(people)
          .contract(
              Contract.of(
                  SchemaBuilder.record("Person")
                      .fields()
                      .requiredString("id")
                      .requiredString("email")
                      .endRecord()))
          .commit();
      shop.grant(people).toAccounts(reader.account()).withGrantOption().because("All").commit();
      mesh.as("finance")
          .grant(people)
          .columns("id")
          .rows("email LIKE 'a%'")
          .to(reader)
          .because("Some")
          .commit();
      compare(mesh, "passed on", true);
      assertThat(answers).containsKey(ReadAnswer.Kind.SOME_ROWS);

      shop.amendContract(people)
          .change(current -> current.classification(Classification.RESTRICTED, "email"))
          .commit();

      compare(mesh, "restricted", true);
    }
  }

  private void compare(RandomMesh mesh, String description, boolean organization) {
    Instant now = mesh.clock.instant();
    AccessEvaluator mirrored = AccessEvaluator.over(mesh.readBack(now, organization));
    for (ProductEntry product : mesh.products()) {
      for (VersionEntry version : mesh.versions(product)) {
        TableName table = TableName.of(product.name(), version.major());
        for (Principal principal : mesh.domains.principals()) {
          ReadAnswer wanted =
              ReadAnswer.of(
                  version, mesh.policy.permission(principal, product, version, now).permission());
          AccessDecision actual =
              mirrored.decide(
                  AccessQuestion.of(
                      Grantee.of(principal),
                      Permission.SELECT,
                      new Resource.Table(GOVERNANCE, table.namespace(), table.table()),
                      now));
          assertThat(ReadAnswer.of(version, Optional.of(actual.permission())))
              .as("%s: %s reads %s, %s", description, principal, table, actual)
              .isEqualTo(wanted);
          answers.merge(wanted.kind(), 1, Integer::sum);
        }
      }
    }
  }

  /** A mesh with random products, tags, and grants. */
  private final class RandomMesh implements AutoCloseable {
    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T00:00:00Z"));
    private final Registry registry = InMemoryMesh.registry();
    private final Mesh mesh;
    private final Catalog catalog;
    private final RightsDocuments rights;
    private final AccessPolicy policy;
    private final RandomDomains domains;

    RandomMesh(Random random) {
      this.mesh =
          Mesh.builder(registry, InMemoryMesh.files(), "s3://lake")
              .clock(clock)
              .testing()
              .sleeper(clock::advance)
              .open();
      Ledger ledger =
          new Ledger(
              registry,
              new MeshRuntime(
                  clock,
                  IdGenerator.seeded(clock, 1),
                  clock::advance,
                  Runnable::run,
                  Duration.ofMinutes(1)));
      this.catalog = new Catalog(ledger);
      this.rights = new RightsDocuments(ledger, catalog);
      this.policy = AccessPolicy.of(rights, catalog);
      this.domains = new RandomDomains(random, clock, DOMAINS, this::as);
    }

    MeshClient as(String domain) {
      return mesh.clientAs(Principal.of(DOMAINS.get(domain).get(0), "etl"));
    }

    void grow() {
      register();
      domains.grow(14);
    }

    void register() {
      DOMAINS.forEach(
          (domain, accounts) ->
              as(domain)
                  .registerDomain(domain)
                  .accounts(accounts.toArray(String[]::new))
                  .owner("owner@example.org")
                  .commit());
    }

    List<ProductEntry> products() {
      List<ProductEntry> all = new ArrayList<>();
      DOMAINS.keySet().forEach(domain -> all.addAll(catalog.products(domain)));
      return all;
    }

    List<VersionEntry> versions(ProductEntry product) {
      return catalog.liveMajors(product, find());
    }

    private MeshAction find() {
      return MeshAction.of(Verb.FIND, "versions");
    }

    /** Returns what Lake Formation decides by, once it has the objects. */
    AccessState readBack(Instant now, boolean organization) {
      List<DomainAccess> domains = new ArrayList<>();
      Set<String> accounts = new LinkedHashSet<>();
      for (DomainEntry domain : catalog.domains()) {
        accounts.addAll(domain.domain().accounts());
        List<MajorTable> tables = new ArrayList<>();
        for (ProductEntry product : catalog.products(domain.domain().name())) {
          for (VersionEntry version : versions(product)) {
            TableName name = TableName.of(product.name(), version.major());
            tables.add(
                new MajorTable(
                    product.name(),
                    version.major(),
                    name.table(),
                    name.location("s3://lake"),
                    product.openToMesh() ? version.openColumns() : List.of(),
                    false));
          }
        }
        domains.add(
            new DomainAccess(domain.domain(), rights.versionsOfDomain(domain, find()), tables));
      }
      Set<String> locations = new LinkedHashSet<>();
      domains.forEach(
          domain ->
              domain
                  .tables()
                  .forEach(
                      table ->
                          locations.add(
                              table.location().substring(0, table.location().lastIndexOf('/')))));
      CatalogAccess access = CatalogAccess.of(GOVERNANCE, accounts, domains, now);
      LakeFormationNames names =
          new LakeFormationNames(
              new MirrorSettings(
                  new ResourceNames("eu-central-1", Map.of()),
                  true,
                  organization
                      ? Optional.of(
                          "arn:aws:organizations::" + GOVERNANCE + ":organization/" + ORGANIZATION)
                      : Optional.empty()),
              accounts);
      LakeFormationImages images =
          new LakeFormationImages(
              GOVERNANCE,
              access.state(),
              names,
              new CatalogShares(GOVERNANCE, AccessEvaluator.over(access.state()), names, now));
      LakeFormationReader reader = new LakeFormationReader(GOVERNANCE);
      reader.read(GOVERNANCE, contents(images.ofCatalog(locations)));
      for (String account : accounts) {
        reader.account(account, ORGANIZATION);
        reader.read(account, contents(images.ofRecipient(account, NamedLinks.none(), false)));
      }
      return reader.account(GOVERNANCE, ORGANIZATION).state(access.state().databases());
    }

    private Map<String, JsonNode> contents(List<LakeFormationObject> objects) {
      Map<String, JsonNode> contents = new TreeMap<>();
      for (LakeFormationObject object : objects) {
        assertThat(object.key()).matches("[ -~]{1,400}");
        assertThat(contents.put(object.key(), object.content())).as(object.key()).isNull();
      }
      return contents;
    }

    @Override
    public void close() {
      mesh.close();
    }
  }
}
