package io.meshwork.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.MajorEntry.Companions;
import io.meshwork.internal.catalog.MajorEntry.End;
import io.meshwork.internal.catalog.MajorEntry.Retirement;
import io.meshwork.internal.catalog.MajorEntry.Rollouts;
import io.meshwork.internal.catalog.MajorEntry.Status;
import io.meshwork.internal.catalog.MajorEntry.Succession;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MajorEntryTest {
  private static final ProductName ORDERS = ProductName.of("commerce/orders");

  private static MajorEntry read(ObjectNode json) {
    return MajorEntry.of(new VersionedDocument(RegistryKeys.major(ORDERS, 1), json, "1"));
  }

  @Test
  void aMajorVersionIsReadAsItWasWritten() {
    MajorEntry everything =
        new MajorEntry(
            new Status(
                1, MajorState.RETIRING, ContractVersion.FIRST, Optional.of(MajorState.CLOSING)),
            new Companions(List.of(3, 2)),
            new Succession(
                Optional.of(2),
                Optional.of("Buyers"),
                Optional.of(LocalDate.parse("2026-12-03")),
                Optional.of(new End(Optional.of(new MajorVersion(ProductName.of("a/b"), 4))))),
            new Rollouts(OptionalInt.of(5), OptionalInt.of(6)),
            new Retirement(
                Optional.of(Instant.parse("2026-12-04T00:00:00Z")), Optional.of("v7"), true));

    ObjectNode json = DocumentCodec.of(MajorEntry.class).write(everything, Optional.empty());

    assertThat(json)
        .hasToString(
            "{\"format\":1,\"major\":1,\"state\":\"RETIRING\",\"contractVersion\":\"1.0.0\","
                + "\"fencedIn\":\"CLOSING\",\"publishedWith\":[2,3],\"successor\":2,"
                + "\"because\":\"Buyers\",\"retireAfter\":\"2026-12-03\","
                + "\"end\":{\"product\":\"a/b\",\"major\":4},\"rollout\":5,\"replaces\":6,"
                + "\"retiredAt\":\"2026-12-04T00:00:00Z\",\"retiredTable\":\"v7\","
                + "\"wasCurrent\":true}");
    assertThat(read(json)).isEqualTo(everything);
  }

  @Test
  void anEndWithoutSuccessorIsNotTheAbsenceOfAnEnd() {
    ObjectNode json =
        DocumentCodec.toJson(
            new Status(1, MajorState.ACTIVE, ContractVersion.FIRST, Optional.empty()));
    assertThat(json)
        .hasToString("{\"major\":1,\"state\":\"ACTIVE\",\"contractVersion\":\"1.0.0\"}");
    assertThat(read(json).succession().end()).isEmpty();

    json.putObject("end");

    assertThat(read(json).succession().end()).contains(new End(Optional.empty()));
  }
}
