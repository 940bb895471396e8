package io.meshwork.internal.conformance.maintenance;

import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.HELD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Status;
import io.meshwork.registry.Registry.Transaction;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.io.FileIO;
import org.junit.jupiter.api.Test;

/** Strangers, leftovers, and failures of the store in places of domains' data. */
public abstract class PlaceFaultsSuite extends MeshFixture {
  private static final String PAYMENTS = "finance/payments";
  private static final Duration PATIENCE = Duration.ofDays(40);

  /** The files of each principal, or those of all. */
  private final List<UnavailableFolder> stores = new CopyOnWriteArrayList<>();

  private MeshClient finance() {
    return as("finance");
  }

  private void define(String domain, String product, String place) {
    as(domain)
        .registerDomain(domain)
        .owner(domain + "@example.org")
        .location(place(place))
        .commit();
    as(domain).defineProduct(product).contract(Contract.of(Order.class)).openToMesh().commit();
  }

  private void defineInTwoPlaces() {
    define("commerce", ORDERS, "shop");
    define("finance", PAYMENTS, "bank");
  }

  private void publishPayments(long from, long to) {
    for (long id = from; id < to; id++) {
      finance().publish(PAYMENTS).records(Order.range(id, id + 1)).commit();
    }
  }

  private String write(String location) {
    try (OutputStream out = files.newOutputFile(location).create()) {
      out.write(new byte[] {1, 2, 3});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return location;
  }

  /** Returns a name as a publish gives it to a data file. */
  private String nameOfPublish() {
    return IdGenerator.secure(clock).next() + "-0.parquet";
  }

  @Test
  void filesOfAStrangerAreReportedAndNeverDeleted() {
    defineInTwoPlaces();
    publishOneByOne(0, 1);
    Set<String> strange = new TreeSet<>();
    strange.add(write(place("shop") + "/data/finance/payments_v1/data/" + nameOfPublish()));
    strange.add(write(place("shop") + "/data/marketing/leads_v1/data/" + nameOfPublish()));
    strange.add(write(place("shop") + "/data/README"));
    clock.advance(PATIENCE);

    Maintain.Report upkeep = maintain();

    assertThat(upkeep.total(Work.FILES_REMOVED)).isZero();
    assertThat(files.present()).containsKeys(strange.toArray(String[]::new));
    assertThat(mesh.doctor().findings())
        .allMatch(
            finding ->
                finding.code() == FindingCode.FOREIGN_FOLDER
                    && finding.severity() == Finding.Severity.WARNING
                    && finding.count() == 1)
        .extracting(Finding::where)
        .containsExactly(
            place("shop") + "/data/README",
            place("shop") + "/data/finance",
            place("shop") + "/data/marketing");
  }

  @Test
  void leftoversInAPlaceAreRemovedAfterADay() {
    defineInTwoPlaces();
    toOrders().records(Order.range(0, 2)).commit();
    State before = state();
    registry.next(HELD);
    registry.resolving(false);
    assertThatThrownBy(() -> toOrders().records(Order.range(2, 4)).idempotencyKey("m").commit())
        .isInstanceOf(OutcomeUnknownException.class);
    registry.resolving(true);
    assertThat(state().files().size()).isGreaterThan(before.files().size());
    clock.advance(Duration.ofHours(25));

    assertThat(maintain().total(Work.FILES_REMOVED)).isPositive();

    assertThat(files.present()).isEqualTo(before.files());
    assertThat(registry.deliver()).extracting(Outcome::status).doesNotContain(Status.COMMITTED);
    toOrders().records(Order.range(2, 4)).idempotencyKey("m").commit();
    assertThat(orders()).isEqualTo(Order.range(0, 4));
    assertWhole();
  }

  private FileIO interruptible(FileIO real) {
    UnavailableFolder store = new UnavailableFolder(real);
    stores.add(store);
    return store;
  }

  @Test
  void aPlaceThatCannotBeListedIsSkippedAndOthersAreMaintained() {
    reopen(settings -> settings.testing().wrapFiles(this::interruptible));
    defineInTwoPlaces();
    publishOneByOne(0, 6);
    publishPayments(0, 6);
    stores.forEach(store -> store.unavailable(place("shop")));

    Maintain.Report upkeep = maintain();

    assertThat(upkeep.total(Work.FILES_COMPACTED)).isEqualTo(6);
    assertThat(upkeep.remaining())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PLACE_NOT_LISTED);
    assertThat(upkeep.remaining()).extracting(Finding::where).containsExactly(place("shop"));
    assertThat(mesh.doctor().problems())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PLACE_NOT_LISTED);
    assertThatThrownBy(this::orders).isInstanceOf(BackendException.class);
    assertThatThrownBy(() -> publishOneByOne(6, 7)).isInstanceOf(BackendException.class);
    publishPayments(6, 7);

    stores.forEach(UnavailableFolder::available);
    publishOneByOne(6, 7);
    assertThat(orders()).isEqualTo(Order.range(0, 7));
    assertThat(maintain().total(Work.FILES_COMPACTED)).isEqualTo(7);
    assertThat(mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void aPointerIntoThePlaceOfAnotherDomainIsNotFollowed() {
    defineInTwoPlaces();
    toOrders().records(Order.range(0, 2)).commit();
    Document payments = document(new Key("finance/payments", "table/payments_v1"));
    Document orders = document(new Key("commerce/orders", "table/orders_v1"));
    String metadata =
        DocumentJson.parseObject("", payments.json()).path("metadataLocation").asText();
    ObjectNode tampered = DocumentJson.parseObject("", orders.json());
    tampered.put("metadataLocation", metadata);
    assertThat(
            registry.commit(
                Transaction.attempt(IdGenerator.secure(clock).next())
                    .replace(orders.key(), DocumentJson.write(tampered), orders.version())
                    .build()))
        .isEqualTo(Outcome.COMMITTED);
    files.asked();

    assertThatThrownBy(this::orders)
        .isInstanceOfSatisfying(
            BackendException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.UNSAFE_PATH))
        .hasMessageContaining("outside the roots")
        .hasMessageNotContaining(metadata);
    assertThat(files.asked()).doesNotContainKey(metadata);
  }

  private Document document(Key key) {
    return registry.read(key).orElseThrow();
  }

  @Test
  void aDefinitionDuringAMoveIsMadeInTheNewPlace() {
    define("commerce", ORDERS, "shop");
    boolean[] moved = {false};
    files.beforeEachWrite(
        write -> {
          if (!moved[0]) {
            moved[0] = true;
            shop().registerDomain("commerce").location(place("annex")).commit();
          }
        });

    shop().defineProduct("commerce/carts").contract(Contract.of(Order.class)).commit();

    assertThat(files.present().keySet())
        .filteredOn(file -> file.contains("/carts_v1"))
        .isNotEmpty()
        .allMatch(file -> file.startsWith(place("annex") + "/data/commerce/"));
    shop().publish("commerce/carts").records(Order.range(0, 2)).commit();
    assertWhole();
  }
}
