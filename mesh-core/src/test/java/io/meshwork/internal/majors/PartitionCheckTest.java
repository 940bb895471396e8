package io.meshwork.internal.majors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.schema.IcebergSchemas;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.Test;

/** Checks partitions against the columns of a table. */
class PartitionCheckTest {
  enum Status {
    OPEN,
    PAID
  }

  record TimedOrder(
      Instant createdAt,
      LocalDateTime local,
      LocalDate day,
      Status status,
      double weight,
      int lines) {}

  private static final Contract ORDERS = Contract.of(TimedOrder.class);

  @Test
  void allInvalidPartitionsAreReportedTogether() {
    Schema schema = IcebergSchemas.fromAvro(ORDERS.schema());
    PartitionCheck.check(
        List.of(
            Partition.month("createdAt"),
            Partition.hour("local"),
            Partition.day("day"),
            Partition.identity("status")),
        schema,
        MeshAction.of(Verb.DEFINE, "commerce/orders"));
    assertThatThrownBy(
            () ->
                PartitionCheck.check(
                    List.of(
                        Partition.hour("day"),
                        Partition.identity("weight"),
                        Partition.year("lines"),
                        Partition.day("gone")),
                    schema,
                    MeshAction.of(Verb.DEFINE, "commerce/orders")))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.findings()).hasSize(4));
  }

  @Test
  void anInvalidPartitionNamesTheProductTheNearestColumnAndTheAllowedTypes() {
    Schema schema = IcebergSchemas.fromAvro(ORDERS.schema());
    assertThatThrownBy(
            () ->
                PartitionCheck.check(
                    List.of(Partition.month("createdat")),
                    schema,
                    MeshAction.of(Verb.DEFINE, "commerce/orders")))
        .hasMessageContainingAll("Cannot define commerce/orders", "did you mean createdAt?");
    assertThatThrownBy(
            () ->
                PartitionCheck.check(
                    List.of(Partition.month("weight")),
                    schema,
                    MeshAction.of(Verb.DEFINE, "commerce/orders")))
        .hasMessageContaining("month requires a date or timestamp");
  }
}
