package io.meshwork.aws.internal.mirror;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.Permission;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.AccessDecision;
import io.meshwork.internal.lakeformation.AccessEvaluator;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;
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
  private static final List<String> ROLES = List.of("analyst", "auditor");
  private static final List<String> COLUMNS = List.of("id", "region", "amount", "email", "note");
  private static final String ORGANIZATION = "o-abcdefghij";

  /** How often each kind of answer was given, so that the proof is not one of denials only. */
  private enum Answer {
    DENIED,
    ALL,
    SOME_COLUMNS,
    SOME_ROWS
  }

  private final Map<Answer, Integer> answers = new EnumMap<>(Answer.class);

  @Test
  void randomMeshesHaveTheSameAnswersInLakeFormation() {
    for (int i = 0; i < 40; i++) {
      long seed = 1_000 + i;
      try (RandomMesh mesh = new RandomMesh(new Random(seed))) {
        mesh.grow();
        compare(mesh, "seed " + seed, i % 2 == 0);
        mesh.clock.advance(Duration.ofDays(2));
        compare(mesh, "seed " + seed + ", two days later", i % 2 == 0);
      }
    }
    assertThat(answers).containsOnlyKeys(Answer.values());
    assertThat(answers.values()).allSatisfy(count -> assertThat(count).isGreaterThan(20));
  }

  private void compare(RandomMesh mesh, String description, boolean organization) {
    Instant now = mesh.clock.instant();
    AccessEvaluator mirrored = AccessEvaluator.over(mesh.readBack(now, organization));
    for (ProductEntry product : mesh.products()) {
      for (VersionEntry version : mesh.versions(product)) {
        TableName table = TableName.of(product.name(), version.major());
        for (Principal principal : mesh.principals()) {
          Optional<DataPermission> wanted =
              mesh.policy.permission(principal, product, version, now).permission();
          AccessDecision actual =
              mirrored.decide(
                  AccessQuestion.of(
                      Grantee.of(principal),
                      Permission.SELECT,
                      new Resource.Table(GOVERNANCE, table.namespace(), table.table()),
                      now));
          Map<String, Object> expected = answer(version, wanted);
          assertThat(
                  answer(
                      version,
                      actual.allowed() ? Optional.of(actual.permission()) : Optional.empty()))
              .as("%s: %s reads %s, %s", description, principal, table, actual)
              .isEqualTo(expected);
          count(version, wanted);
        }
      }
    }
  }

  private void count(VersionEntry version, Optional<DataPermission> wanted) {
    Answer answer =
        wanted.isEmpty()
            ? Answer.DENIED
            : !wanted.get().rowFilter().everyRow()
                ? Answer.SOME_ROWS
                : version.columns().stream().allMatch(wanted.get()::includes)
                    ? Answer.ALL
                    : Answer.SOME_COLUMNS;
    answers.merge(answer, 1, Integer::sum);
  }

  /** The rows, and for each visible column the rows in which it is shown. */
  private static Map<String, Object> answer(
      VersionEntry version, Optional<DataPermission> permission) {
    Map<String, Object> answer = new LinkedHashMap<>();
    permission.ifPresent(
        some -> {
          for (String column : version.columns()) {
            if (some.includes(column)) {
              answer.put(column, some.rowsOf(column));
            }
          }
          if (!answer.isEmpty()) {
            answer.put("", some.rowFilter());
          }
        });
    return answer;
  }

  /** A mesh with random products, tags, and grants. */
  private final class RandomMesh implements AutoCloseable {
    private final Random random;
    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T00:00:00Z"));
    private final Registry registry = InMemoryMesh.registry();
    private final Mesh mesh;
    private final Catalog catalog;
    private final RightsDocuments rights;
    private final AccessPolicy policy;

    RandomMesh(Random random) {
      this.random = random;
      this.mesh =
          Mesh.over(registry, InMemoryMesh.files(), "s3://lake")
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
    }

    MeshClient as(String domain) {
      return mesh.actingAs(Principal.of(DOMAINS.get(domain).get(0), "etl"));
    }

    List<Principal> principals() {
      List<Principal> all = new ArrayList<>();
      DOMAINS
          .values()
          .forEach(
              accounts ->
                  accounts.forEach(
                      account -> ROLES.forEach(role -> all.add(Principal.of(account, role)))));
      return all;
    }

    void grow() {
      DOMAINS.forEach(
          (domain, accounts) ->
              as(domain)
                  .registerDomain(domain)
                  .accounts(accounts.toArray(String[]::new))
                  .ownedBy("owner@example.org")
                  .commit());
      for (String domain : DOMAINS.keySet()) {
        attempt(() -> as(domain).governance().defineTag("kind", "plain", "secret").commit());
        define(domain, "orders");
        define(domain, "order-items");
      }
      for (int i = 0; i < 14; i++) {
        change(one(List.copyOf(DOMAINS.keySet())));
      }
    }

    private void define(String domain, String product) {
      attempt(
          () -> {
            var definition =
                as(domain).defineProduct(domain + "/" + product).contract(contract(COLUMNS));
            if (random.nextInt(4) == 0) {
              definition = definition.openToMesh();
            }
            definition.commit();
          });
    }

    private Contract contract(List<String> columns) {
      SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("Row").fields();
      for (String column : columns) {
        fields =
            column.equals("amount") ? fields.optionalLong(column) : fields.optionalString(column);
      }
      Contract contract = Contract.of(fields.endRecord());
      return random.nextBoolean()
          ? contract
          : contract.classified(
              one(List.of(Classification.CONFIDENTIAL, Classification.RESTRICTED)), one(columns));
    }

    private void change(String domain) {
      String product = domain + "/" + one(List.of("orders", "order-items"));
      switch (random.nextInt(10)) {
        case 0 ->
            attempt(
                () ->
                    as(domain)
                        .access()
                        .tag(random.nextBoolean() ? product : domain)
                        .with("kind", one(List.of("plain", "secret")))
                        .commit());
        case 1 ->
            attempt(
                () ->
                    as(domain)
                        .access()
                        .tag(product)
                        .with("kind", one(List.of("plain", "secret")))
                        .onColumns(one(COLUMNS))
                        .commit());
        case 2 -> attempt(() -> as(domain).amendContract(product, contract(COLUMNS)).commit());
        case 3, 4 ->
            attempt(
                () -> {
                  var grant =
                      random.nextInt(3) == 0
                          ? as(domain).grantByTags(where("domain").is(domain))
                          : as(domain).grantByTags(where("kind").is("plain"));
                  to(grant).because("x").commit();
                });
        case 5 -> attempt(() -> to(as(domain).grant(domain)).because("x").commit());
        case 6 -> regrant(domain);
        default ->
            attempt(
                () -> {
                  var grant = as(domain).grant(product);
                  switch (random.nextInt(5)) {
                    case 0 -> grant = grant.columns(some());
                    case 1 -> grant = grant.exceptColumns(some());
                    case 2 -> grant = grant.rows("region = '" + random.nextInt(3) + "'");
                    case 3 -> grant = grant.columns(some()).rows("amount > 10 AND region = 'a'");
                    default -> {}
                  }
                  to(grant).because("x").commit();
                });
      }
    }

    private void regrant(String owner) {
      String consumer = one(List.copyOf(DOMAINS.keySet()));
      String product = owner + "/" + one(List.of("orders", "order-items"));
      String account = one(DOMAINS.get(consumer));
      attempt(
          () -> {
            var grant = as(consumer).grant(random.nextInt(4) == 0 ? owner : product);
            if (random.nextInt(3) == 0) {
              grant = grant.columns(some());
            }
            if (random.nextBoolean()) {
              grant.toEveryRoleOf(account).because("x").commit();
            } else {
              grant.to(Principal.of(account, one(ROLES))).because("x").commit();
            }
          });
    }

    private <G extends GrantOperation<G>> G to(G grant) {
      String consumer = one(List.copyOf(DOMAINS.keySet()));
      String account = one(DOMAINS.get(consumer));
      G made =
          random.nextInt(3) == 0 ? grant.until(clock.instant().plus(Duration.ofDays(1))) : grant;
      if (random.nextBoolean()) {
        made = made.includingSensitive();
      }
      return switch (random.nextInt(4)) {
        case 0 -> made.toAccounts(account).withGrantOption();
        case 1 -> random.nextBoolean() ? made.toAccounts(account) : made.toMesh().withGrantOption();
        default -> made.to(Principal.of(account, one(ROLES)));
      };
    }

    private String[] some() {
      Set<String> some = new LinkedHashSet<>();
      some.add(one(COLUMNS));
      some.add(one(COLUMNS));
      return some.toArray(String[]::new);
    }

    private <T> T one(List<T> all) {
      return all.get(random.nextInt(all.size()));
    }

    /** A mesh refuses some random changes. */
    private void attempt(Runnable change) {
      try {
        change.run();
      } catch (MeshException e) {
        return; // Such as a grant that its recipient may not pass on.
      }
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
                    product.openToMesh() ? version.openColumns() : List.of()));
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
        reader.read(account, contents(images.ofRecipient(account)));
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
