package io.meshwork.internal.conformance.maintenance;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.MORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.publish.StagedPublish;
import io.meshwork.rollout.MajorRollout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No operation writes to, deletes from, or reads as its own a place that is not the mesh's. */
public abstract class PlaceMarkersSuite extends RetirementFixture {
  /** What is found where the marker of the mesh was. */
  enum Found {
    OTHER_MESH,
    OTHER_PLACE,
    DAMAGED,
    NOTHING;

    /** True if the rows may be read: no marker says that they are those of others. */
    boolean isReadable() {
      return this == DAMAGED || this == NOTHING;
    }
  }

  private String marker() {
    return place("shop") + "/place.json";
  }

  private void exchangeMarker(Found state) {
    String id = DocumentJson.parseObject(marker(), read(marker())).path("mesh").asText();
    files.deleteFile(marker());
    switch (state) {
      case OTHER_MESH ->
          write(marker(), "{\"mesh\":\"0190-other\",\"root\":\"" + place("shop") + "\"}");
      case OTHER_PLACE ->
          write(marker(), "{\"mesh\":\"" + id + "\",\"root\":\"" + place("bank") + "\"}");
      case DAMAGED -> write(marker(), "{\"mesh\":\"" + id);
      case NOTHING -> {}
    }
  }

  private String read(String location) {
    try (InputStream in = files.newInputFile(location).newStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String location, String text) {
    try (OutputStream out = files.newOutputFile(location).create()) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void keepShopInAPlace() {
    shop().registerDomain("commerce").owner("shop@example.org").location(place("shop")).commit();
  }

  /** The files of the place; those beside tables may be replaced by each commit. */
  private SortedMap<String, Long> filesOfThePlace() {
    SortedMap<String, Long> present = new TreeMap<>(files.present());
    present.keySet().removeIf(file -> !file.startsWith(place("shop") + "/data/"));
    return present;
  }

  private void assertRefused(String operation, ThrowingCallable call) {
    SortedMap<String, Long> before = filesOfThePlace();
    assertThatThrownBy(call)
        .as(operation)
        .isInstanceOfSatisfying(
            BackendException.class,
            refused -> {
              assertThat(refused.errorCode()).isEqualTo(ErrorCode.PLACE_NOT_OWN);
              assertThat(refused.retryable()).isFalse();
            })
        .hasMessageContainingAll(place("shop"), "place.json", "mounted");
    assertThat(filesOfThePlace()).as("files after " + operation).isEqualTo(before);
  }

  private StagedPublish staged() {
    return shop().stagedPublishes(ORDERS).get(0);
  }

  /** Operations that write or delete files of a product in the place. */
  private Map<String, ThrowingCallable> writes() {
    Map<String, ThrowingCallable> writes = new LinkedHashMap<>();
    writes.put("publish", () -> toOrders().records(Order.range(10, 11)).commit());
    writes.put("replace", () -> toOrders().records(Order.range(1, 2)).replaceAll().commit());
    writes.put("stage", () -> toOrders().records(Order.range(20, 21)).stage());
    writes.put("promote", () -> staged().promote().commit());
    writes.put("erase", () -> shop().erase(ORDERS).where("id = 1").because("They asked.").commit());
    writes.put(
        "erase", () -> shop().erase(ORDERS).where("id = 1").because("asked").withProof().commit());
    writes.put(
        "amend", () -> shop().amendContract(ORDERS).change(contract -> MORE).because("x").commit());
    writes.put(
        "define",
        () -> shop().defineProduct("commerce/carts").contract(Contract.of(Order.class)).commit());
    writes.put(
        "startRollout", () -> shop().startRollout(ORDERS).contract(SECOND).because("x").commit());
    return writes;
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsWrittenToAPlaceThatIsNotTheMeshs(Found state) {
    keepShopInAPlace();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    toOrders().records(Order.range(0, 3)).commit();
    toOrders().records(Order.range(3, 4)).stage();
    exchangeMarker(state);

    writes().forEach(this::assertRefused);

    if (state.isReadable()) {
      assertThat(orders()).isEqualTo(Order.range(0, 3));
    } else {
      assertRefused("read", this::orders);
    }
    assertThat(shop().products()).extracting(Object::toString).doesNotContain("commerce/carts");
  }

  @ParameterizedTest
  @EnumSource
  void aPurgeLeavesRowsAndRegistryWhileAPlaceIsNotTheMeshs(Found state) {
    keepShopInAPlace();
    MajorRollout retired = retired();
    clock.advance(Duration.ofDays(15));
    exchangeMarker(state);
    State before = state();

    assertRefused("purge", () -> retired.purge().because("Done").commit());

    assertNothingChanged(before);
  }

  @ParameterizedTest
  @EnumSource
  void maintenanceAndRepairLeaveAPlaceThatIsNotTheMeshs(Found state) {
    keepShopInAPlace();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    publishOneByOne(0, 6);
    exchangeMarker(state);
    clock.advance(Duration.ofDays(60));
    SortedMap<String, Long> before = filesOfThePlace();

    assertThat(maintain().remaining())
        .extracting(Finding::code)
        .contains(FindingCode.PLACE_NOT_LISTED);
    assertThat(mesh.repair().commit().findings())
        .extracting(Finding::code)
        .contains(FindingCode.PLACE_NOT_LISTED);
    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .contains(FindingCode.PLACE_NOT_LISTED);

    assertThat(filesOfThePlace()).isEqualTo(before);
  }

  @Test
  void aPlaceWhoseMarkerIsBackIsUsedAgain() {
    keepShopInAPlace();
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    publishOneByOne(0, 3);
    String marker = read(marker());
    exchangeMarker(Found.OTHER_MESH);
    assertRefused("publish", () -> publishOneByOne(3, 4));

    files.deleteFile(marker());
    write(marker(), marker);

    publishOneByOne(3, 6);
    assertThat(orders()).isEqualTo(Order.range(0, 6));
    assertThat(maintain().total(Work.FILES_COMPACTED)).isEqualTo(6);
    assertWhole();
  }
}
