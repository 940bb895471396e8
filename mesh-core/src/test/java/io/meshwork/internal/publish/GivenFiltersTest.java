package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters that callers give: of any call, long, or decoded with the wrong encoding. */
class GivenFiltersTest {
  private static final String ORDERS = "shop/orders";
  private static final int ROWS = 1_600;
  private static final String DAMAGED = "city = 'K\uFFFDln'";

  record CityOrder(UUID id, String city) {}

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient owner;
  private MeshClient other;

  @BeforeEach
  void open() {
    mesh = LocalMesh.open(folder);
    owner = mesh.clientAs(Principal.of("shop", "etl"));
    owner.registerDomain("shop").owner("shop@example.org").commit();
    owner.defineProduct(ORDERS).contract(Contract.of(CityOrder.class)).commit();
    other = mesh.clientAs(Principal.of("hr", "analyst"));
    other.registerDomain("hr").owner("hr@example.org").commit();
    owner
        .publish(ORDERS)
        .records(ids().map(id -> new CityOrder(id, "Oslo")).toList())
        .idempotencyKey("1")
        .commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private static Stream<UUID> ids() {
    return IntStream.range(0, ROWS)
        .mapToObj(i -> UUID.nameUUIDFromBytes(("id" + i).getBytes(StandardCharsets.UTF_8)));
  }

  private static String filter(int keys) {
    return ids()
        .limit(keys)
        .map(id -> "'" + id + "'")
        .collect(Collectors.joining(",", "id IN (", ")"));
  }

  @Test
  void readsAndErasuresTakeAFilterWithManyKeys() {
    String many = filter(ROWS - 100);
    assertThat(many).hasSizeGreaterThan(58_000);
    try (var rows = owner.read(ORDERS).asMaps().where(many).rows()) {
      assertThat(rows.stream().count()).isEqualTo(ROWS - 100);
    }
    owner.erase(ORDERS).where(filter(500)).because("Requests").idempotencyKey("2").commit();
    owner.erase(ORDERS).where(many).because("Requests").idempotencyKey("3").withProof().commit();
    try (var rows = owner.read(ORDERS).asMaps().rows()) {
      assertThat(rows.stream().count()).isEqualTo(100);
    }
    assertThat(owner.publishHistory(ORDERS).receipts()).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void theFilterOfARuleIsAsLongAsThatOfARead() {
    Rule rule = Rule.rowCount(0, 10).where(filter(1_000)).id("few");
    owner.amendContract(ORDERS).change(contract -> contract.require(rule)).commit();
    assertThatThrownBy(() -> Rule.rowCount(0, 10).where("x".repeat(1 << 16)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("65535 characters");
    assertThatThrownBy(
            () ->
                owner
                    .publish(ORDERS)
                    .records(ids().limit(11).map(id -> new CityOrder(id, "Bonn")).toList())
                    .commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("few");
  }

  @Test
  void theRowFilterOfAGrantKeepsTheLimitOfLakeFormation() {
    String tooLong = filter(53);
    Principal analyst = Principal.of("hr", "analyst");
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> owner.grant(ORDERS).to(analyst).rows(tooLong).because("Pay").commit(),
            () -> other.requests().requestAccess(ORDERS).rows(tooLong).purpose("Pay").commit())) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("fewer than 2048 characters", "Lake Formation");
    }
    owner.grant(ORDERS).to(analyst).rows(filter(50)).because("Pay").commit();
    try (var rows = other.read(ORDERS).asMaps().rows()) {
      assertThat(rows.stream().count()).isEqualTo(50);
    }
  }

  @Test
  void aFilterThatWasDecodedWithLossIsRejectedAtEachCall() {
    Principal analyst = Principal.of("hr", "analyst");
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> owner.read(ORDERS).where(DAMAGED),
            () -> owner.quarantine(ORDERS).where(DAMAGED),
            () -> owner.subscribe(ORDERS).where(DAMAGED),
            () -> owner.erase(ORDERS).where(DAMAGED).because("Request"),
            () -> owner.erase(ORDERS).quarantineWhere(DAMAGED).because("Request"),
            () -> owner.publish(ORDERS).replaceWhere(DAMAGED),
            () -> owner.publish(ORDERS).alsoTo(2, row -> row, DAMAGED),
            () -> owner.publish(ORDERS).republish(DAMAGED, row -> row),
            () -> owner.erase(ORDERS).where(DAMAGED),
            () -> owner.erase(ORDERS).where(2, DAMAGED),
            () -> owner.grant(ORDERS).to(analyst).rows(DAMAGED),
            () -> other.requests().requestAccess(ORDERS).rows(DAMAGED))) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("U+FFFD", "UTF-8 locale");
    }
  }
}
