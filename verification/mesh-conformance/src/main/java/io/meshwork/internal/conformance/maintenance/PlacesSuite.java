package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Document;
import io.meshwork.rollout.MajorRollout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Domains keep their data in places besides the root of the mesh. */
public abstract class PlacesSuite extends RetirementFixture {
  private static final String PAYMENTS = "finance/payments";

  private MeshClient finance() {
    return as("finance");
  }

  /** Registers two domains, each with a place of its data and a product. */
  private void defineInTwoPlaces() {
    shop().registerDomain("commerce").owner("shop@example.org").location(place("shop")).commit();
    finance()
        .registerDomain("finance")
        .owner("finance@example.org")
        .location(place("bank"))
        .commit();
    define(shop(), ORDERS);
    define(finance(), PAYMENTS);
  }

  private static void define(MeshClient owner, String product) {
    owner.defineProduct(product).contract(contract()).openToMesh().commit();
  }

  private static Contract contract() {
    return Contract.of(Order.class)
        .require(Rule.atLeast("id", 0))
        .onViolation(OnViolation.QUARANTINE)
        .maxQuarantineShare(60);
  }

  private static void publish(MeshClient owner, String product, long from, long to) {
    owner.publish(product).records(Order.range(from, to)).commit();
  }

  private static List<Order> rows(MeshClient reader, String product) {
    return all(reader.read(product).as(Order.class));
  }

  /** Returns the folders of tables, such as {@code place/data/commerce/orders_v1}. */
  private Set<String> tableFolders() {
    Set<String> folders = new TreeSet<>();
    for (String file : files.present().keySet()) {
      int data = file.indexOf("/data/");
      if (data < 0) {
        continue; // the marker of a place
      }
      String[] below = file.substring(data + "/data/".length()).split("/", 3);
      folders.add(file.substring(0, data) + "/data/" + below[0] + "/" + below[1]);
    }
    return folders;
  }

  private Document document(String partition, String sort) {
    return registry.documents().values().stream()
        .filter(each -> each.key().partition().equals(partition) && each.key().sort().equals(sort))
        .findFirst()
        .orElseThrow();
  }

  private List<String> fields(String partition, String sort) {
    List<String> fields = new ArrayList<>();
    DocumentJson.parseObject(sort, document(partition, sort).json())
        .fieldNames()
        .forEachRemaining(fields::add);
    return fields;
  }

  @Test
  void eachDomainKeepsItsDataInItsPlace() {
    defineInTwoPlaces();

    publish(shop(), ORDERS, 0, 3);
    shop().publish(ORDERS).records(Order.range(-1, 4)).commit();
    publish(finance(), PAYMENTS, 0, 2);

    assertThat(tableFolders())
        .containsExactlyInAnyOrder(
            place("shop") + "/data/commerce/orders_v1",
            place("shop") + "/data/commerce/orders_v1_quarantine",
            place("bank") + "/data/finance/payments_v1",
            place("bank") + "/data/finance/payments_v1_quarantine");
    assertThat(
            files
                .newInputFile(
                    place("shop") + "/data/commerce/orders_v1/_metadata/last_updated.json")
                .exists())
        .isTrue();
    assertThat(rows(finance(), ORDERS)).hasSize(7);
    assertThat(rows(shop(), PAYMENTS)).isEqualTo(Order.range(0, 2));
    assertThat(all(shop().quarantine(ORDERS).asMaps())).hasSize(1);
    assertWhole();
  }

  @Test
  void aConsumerPollsAndDerivesFromOnePlaceToAnother() {
    defineInTwoPlaces();
    publish(shop(), ORDERS, 0, 3);
    Subscription<Order> copies =
        finance().subscribe(ORDERS).name("copy").purpose("Copy").as(Order.class).commit();

    try (Batch<Order> batch = copies.poll()) {
      finance()
          .publish(PAYMENTS)
          .records(batch)
          .derivedFrom(batch.snapshot())
          .idempotencyKey(batch.id())
          .commit();
      batch.ack();
    }

    assertThat(rows(finance(), PAYMENTS)).isEqualTo(Order.range(0, 3));
    assertWhole();
  }

  @Test
  void aMeshWithoutPlacesHasNoNewFields() {
    defineOrders();
    publishOneByOne(0, 2);

    assertThat(fields("_mesh", "domain/commerce")).doesNotContain("places");
    assertThat(fields("commerce", "product/orders")).doesNotContain("root");
    assertThat(fields("commerce/orders", "table/orders_v1"))
        .containsExactlyInAnyOrder(
            "format",
            "metadataLocation",
            "metadataVersion",
            "metadataHash",
            "tableId",
            "sequence",
            "previousMetadataLocation",
            "snapshotId");
  }

  @Test
  void aDomainThatMovesCreatesOnlyNewTablesInItsNewPlace() {
    defineOrders();
    publish(shop(), ORDERS, 0, 2);
    Set<String> before = tableFolders();

    shop().registerDomain("commerce").location(place("shop")).commit();
    define(shop(), "commerce/returns");
    publish(shop(), "commerce/returns", 0, 4);
    publish(shop(), ORDERS, 2, 3);
    shop().registerDomain("commerce").location(place("bank")).commit();
    define(shop(), "commerce/carts");
    publish(shop(), "commerce/returns", 4, 5);
    publish(shop(), "commerce/carts", 0, 1);

    assertThat(tableFolders())
        .containsAll(before)
        .contains(
            place("shop") + "/data/commerce/returns_v1", place("bank") + "/data/commerce/carts_v1")
        .hasSize(before.size() + 4);
    assertThat(rows(shop(), ORDERS)).isEqualTo(Order.range(0, 3));
    assertThat(rows(shop(), "commerce/returns")).isEqualTo(Order.range(0, 5));
    assertThat(rows(shop(), "commerce/carts")).isEqualTo(Order.range(0, 1));
    assertThat(fields("commerce/orders", "table/orders_v1")).doesNotContain("location");
    assertThat(fields("commerce/carts", "table/carts_v1")).contains("location");
    assertThat(DocumentJson.parseObject("", document("_mesh", "domain/commerce").json()).toString())
        .contains("\"places\":[{\"root\":\"" + place("bank") + "\"},{\"root\":\"" + place("shop"));
    assertThat(mesh.doctor().isHealthy()).isTrue();
    assertThat(mesh.doctor().findings())
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.code()).isEqualTo(FindingCode.DATA_IN_GOVERNANCE);
              assertThat(note.severity()).isEqualTo(Finding.Severity.NOTE);
              assertThat(note.samples())
                  .containsExactly("commerce.orders_v1", "commerce.orders_v1_quarantine");
            });
  }

  @Test
  void theSamePlaceAgainChangesNothing() {
    defineInTwoPlaces();
    State before = state();

    shop().registerDomain("commerce").location(place("shop") + "/").commit();

    assertNothingChanged(before);
  }

  @Test
  void theLogNamesANewPlace() {
    defineInTwoPlaces();

    assertThat(
            shop().governance().audit().kinds("domain.registered").list().stream()
                .map(entry -> String.valueOf(entry.details().get("root"))))
        .contains(place("shop"));
  }

  @Test
  void aProductIsKeptInAnEarlierPlaceOfItsDomain() {
    defineInTwoPlaces();
    shop().registerDomain("commerce").location(place("annex")).commit();

    assertThat(
            shop()
                .defineProduct("commerce/carts")
                .contract(contract())
                .location(place("shop"))
                .plan()
                .toString())
        .contains("stored at " + place("shop"));
    for (int times = 0; times < 2; times++) {
      shop()
          .defineProduct("commerce/carts")
          .contract(contract())
          .location(place("shop"))
          .openToMesh()
          .commit();
    }
    publish(shop(), "commerce/carts", 0, 2);
    shop().startRollout("commerce/carts").contract(SECOND).because("Cents").commit();
    shop().rollout("commerce/carts").backFill(Order.class, OrderInCents::of).commit();

    assertThat(tableFolders())
        .contains(
            place("shop") + "/data/commerce/carts_v1", place("shop") + "/data/commerce/carts_v2");
    State before = state();
    assertThatThrownBy(
            () ->
                shop()
                    .defineProduct("commerce/carts")
                    .contract(contract())
                    .location(place("annex"))
                    .commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("place");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            shop()
                .defineProduct("commerce/stock")
                .contract(contract())
                .location(place("bank"))
                .commit(),
        "does not keep data at",
        place("bank"),
        "location(..)");
    assertNothingChanged(before);
    assertWhole();
  }

  @Test
  void aMajorVersionOfAMovedDomainIsCreatedInItsNewPlace() {
    defineOrders();
    publish(shop(), ORDERS, 0, 5);
    shop().registerDomain("commerce").location(place("shop")).commit();

    shop().startRollout(ORDERS).contract(SECOND).because("Cents").commit();
    shop().rollout(ORDERS).backFill(Order.class, OrderInCents::of).commit().activate().commit();
    shop().erase(ORDERS).where("id = 3").because("They asked.").commit();

    assertThat(tableFolders())
        .contains(
            place("shop") + "/data/commerce/orders_v2",
            place("shop") + "/data/commerce/orders_v2_quarantine");
    assertThat(all(shop().read(ORDERS).majorVersion(2).as(OrderInCents.class))).hasSize(4);
    assertThat(all(shop().read(ORDERS).majorVersion(1).as(Order.class))).hasSize(4);
    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.DATA_IN_GOVERNANCE);
  }

  @Test
  void erasedRowsLeaveTheTableAndTheQuarantineOfAPlace() {
    defineInTwoPlaces();
    shop().publish(ORDERS).records(Order.range(-1, 4)).commit();
    List<String> before = shop().read(ORDERS).files();

    shop().erase(ORDERS).where("id <= 1").because("They asked.").commit();
    clock.advance(Duration.ofDays(40));
    maintain();

    assertThat(rows(shop(), ORDERS)).isEqualTo(Order.range(2, 4));
    assertThat(files.present()).doesNotContainKeys(before.toArray(String[]::new));
    assertWhole();
  }

  @Test
  void maintenanceCompactsExpiresAndArchivesInThePlace() {
    defineInTwoPlaces();
    for (long id = 0; id < 6; id++) {
      publish(shop(), ORDERS, id, id + 1);
    }
    clock.advance(Duration.ofDays(60));
    assertThat(maintain().total(Work.FILES_COMPACTED)).isEqualTo(6);
    assertThat(files.present().keySet())
        .anyMatch(file -> file.startsWith(place("shop") + "/archive/commerce/orders/"))
        .anyMatch(file -> file.startsWith(place("bank") + "/archive/finance/"));

    shop().registerDomain("commerce").location(place("annex")).commit();
    publish(shop(), ORDERS, 6, 7);
    clock.advance(Duration.ofDays(60));
    maintain();

    assertThat(files.present().keySet())
        .anyMatch(file -> file.startsWith(place("shop") + "/archive/commerce/orders/"))
        .anyMatch(file -> file.startsWith(place("annex") + "/archive/commerce/orders/"));
    assertThat(rows(shop(), ORDERS)).isEqualTo(Order.range(0, 7));
    assertThat(mesh.doctor().findings()).isEmpty();
    assertThat(mesh.maintain().plan().isEmpty()).isTrue();
    assertWhole();
  }

  @Test
  void aPurgeDeletesTheFilesOfThePlace() {
    shop().registerDomain("commerce").owner("shop@example.org").location(place("shop")).commit();
    MajorRollout retired = retired();
    assertThat(tableFolders()).contains(place("shop") + "/data/commerce/orders_v1");
    shop().registerDomain("commerce").location(place("annex")).commit();
    clock.advance(Duration.ofDays(15));

    retired.purge().because("Done").commit();

    assertThat(files.present().keySet()).noneMatch(file -> file.contains("orders_v1/"));
    assertWhole();
  }

  @Test
  void aNewProcessReadsAndWritesInThePlaces() {
    defineInTwoPlaces();
    publish(shop(), ORDERS, 0, 2);
    reopenTheSameMesh();

    publish(shop(), ORDERS, 2, 3);

    assertThat(rows(finance(), ORDERS)).isEqualTo(Order.range(0, 3));
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  private void reopenTheSameMesh() {
    assumeTrue(existingMesh().isPresent(), "the mesh does not outlive its closing");
    mesh.close();
    mesh = prepared(existingMesh().orElseThrow()).open();
  }

  @Test
  void aRootThatTheStoreCannotUseIsRejected() {
    defineInTwoPlaces();
    State before = state();
    String shop = place("shop");

    for (String root :
        List.of(
            "shop",
            "//",
            shop + "/../other",
            shop + "/./other",
            shop + "//other",
            shop + "/a%20b",
            shop + "/data",
            shop + "/data/finance",
            shop + "/archive/x",
            shop + "/annex",
            shop + "\u00fc",
            place("bank") + ".json",
            place("n".repeat(64)))) {
      assertRefused(
          ErrorCode.INVALID_ARGUMENT,
          () -> finance().registerDomain("finance").location(root).commit(),
          "location");
    }
    assertNothingChanged(before);
  }

  @Test
  void anEarlierPlaceBecomesTheNewestAndIsListedOnce() {
    defineInTwoPlaces();

    for (String place : List.of("annex", "shop", "annex", "shop")) {
      shop().registerDomain("commerce").location(place(place)).commit();
    }

    assertThat(DocumentJson.parseObject("", document("_mesh", "domain/commerce").json()).toString())
        .contains(
            "\"places\":[{\"root\":\""
                + place("shop")
                + "\"},{\"root\":\""
                + place("annex")
                + "\"}]");
  }

  @Test
  void aProductIsDefinedAgainAtThePlaceThatItHas() {
    defineInTwoPlaces();

    shop().defineProduct(ORDERS).contract(contract()).location(place("shop")).openToMesh().commit();

    assertWhole();
  }

  @Test
  void onlyAnAdministratorAddsAPlace() {
    defineInTwoPlaces();
    State before = state();

    assertThatThrownBy(
            () ->
                mesh.clientAs(Principal.of("commerce", "intern"))
                    .registerDomain("commerce")
                    .location(place("bank"))
                    .commit())
        .isInstanceOf(AccessDeniedException.class);

    assertNothingChanged(before);
  }

  @Test
  void twoDomainsCanShareAPlace() {
    defineInTwoPlaces();
    finance().registerDomain("finance").location(place("shop")).commit();
    define(finance(), "finance/invoices");
    publish(finance(), "finance/invoices", 0, 2);
    publish(shop(), ORDERS, 0, 2);

    assertThat(tableFolders()).contains(place("shop") + "/data/finance/invoices_v1");
    assertWhole();
  }
}
