package io.meshwork.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.product.Classification;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contracts as values: from where they come, what they refuse, what their JSON keeps. */
class ContractTest {
  enum Status {
    PAID,
    OPEN
  }

  record OrderOfEachType(
      @Column("OrderID") long orderId,
      int lines,
      short shelf,
      Integer floor,
      Optional<String> note,
      String customer,
      @Column(precision = 12, scale = 2) BigDecimal amount,
      Status status,
      LocalDate day,
      Optional<LocalTime> time,
      Instant createdAt,
      LocalDateTime local,
      UUID trace,
      byte[] raw,
      ByteBuffer more,
      boolean paid,
      Double weight,
      float share) {}

  enum Price {
    FREE,
    IN_$
  }

  record Unpromised(BigDecimal amount, Object other, int fine, Price price) {}

  private static final Contract ORDERS = Contract.of(OrderOfEachType.class);

  @TempDir Path folder;

  @Test
  void componentsOfARecordBecomeColumnsAndBoxedOrOptionalOnesAreNullable() {
    assertThat(IcebergSchemas.fromAvro(ORDERS.schema()).columns())
        .extracting(c -> c.name() + " " + (c.isOptional() ? "optional " : "") + c.type())
        .containsExactly(
            "OrderID long",
            "lines int",
            "shelf int",
            "floor optional int",
            "note optional string",
            "customer string",
            "amount decimal(12, 2)",
            "status string",
            "day date",
            "time optional time",
            "createdAt timestamptz",
            "local timestamp",
            "trace uuid",
            "raw binary",
            "more binary",
            "paid boolean",
            "weight optional double",
            "share float");
  }

  @Test
  void allUnsupportedComponentsAreNamed() {
    assertThatThrownBy(() -> Contract.of(Unpromised.class))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e ->
                assertThat(e.findings())
                    .extracting(f -> f.where())
                    .containsExactly("amount", "other", "price"))
        .hasMessageContaining("Unpromised");
    assertThatThrownBy(() -> Contract.of(String.class)).hasMessageContaining("not a Java record");
  }

  @Test
  void theJsonKeepsEverythingIncludingExtensions() {
    Contract contract =
        ORDERS
            .require(
                Rule.notNull("customer"),
                Rule.between("amount", 0, 100).toleratePercent(0.5).warn().id("amounts"),
                Rule.rowCount(1, Long.MAX_VALUE))
            .description("orders")
            .describeColumn("lines", "how many")
            .classification(Classification.CONFIDENTIAL, "customer")
            .freshWithin(Duration.ofHours(1))
            .noticePeriod(Period.ofMonths(2))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(2.5)
            .requireFourEyes();
    String json =
        contract.toJson().replaceFirst("\\{", "{\"extensions\":{\"zeta\":{\"b\":1,\"a\":[1.50]}},");
    Contract read = Contract.fromJson(json);
    assertThat(read.toJson()).contains("\"extensions\":{\"zeta\":{\"a\":[1.5],\"b\":1}}");
    assertThat(read).isNotEqualTo(contract);
    assertThat(Contract.fromJson(contract.toJson())).isEqualTo(contract);
    assertThat(contract.fingerprint()).hasSize(64).isNotEqualTo(read.fingerprint());
    assertThat(read.rules()).isEqualTo(contract.rules());
    assertThat(read.freshWithin()).contains(Duration.ofHours(1));
    assertThat(read.noticePeriod()).isEqualTo(Period.ofMonths(2));
    assertThat(read.onViolation()).isEqualTo(OnViolation.QUARANTINE);
    assertThat(read.maxQuarantineShare()).isEqualTo(2.5);
    assertThat(read.requiresFourEyes()).isTrue();
    assertThat(ORDERS.toJson()).as("omitted by default").doesNotContain("fourEyes");
    assertThat(read.columnDescriptions()).containsEntry("lines", "how many");
    assertThat(read.classificationOf("customer")).isEqualTo(Classification.CONFIDENTIAL);
    assertThat(read.classificationOf("lines")).isEqualTo(Classification.INTERNAL);
    assertThat(read.description("again")).isEqualTo(read.description("again"));
    assertThat(ORDERS.rules()).isEmpty();
  }

  @Test
  void aContractWithADuplicateKeyIsRejected() {
    String json =
        Contract.of(OrderOfEachType.class)
            .toJson()
            .replace(
                "\"onViolation\":\"REJECT\"",
                "\"onViolation\":\"REJECT\",\"onViolation\":\"STAGE\"");

    assertThatThrownBy(() -> Contract.fromJson(json))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'onViolation' twice", "at line 1, column", "and at line 1");
  }

  @Test
  void allRulesThatDoNotFitAreReportedTogether() {
    assertThatThrownBy(
            () ->
                ORDERS.require(
                    Rule.notNull("custmer"),
                    Rule.between("customer", 1, 2),
                    Rule.between("createdAt", LocalDateTime.of(2024, 1, 1, 0, 0), null),
                    Rule.between("local", Instant.EPOCH, null),
                    Rule.inSet("lines", 1.5),
                    Rule.inSet("amount", "1"),
                    Rule.matches("lines", "a"),
                    Rule.length("day", 1, 2),
                    Rule.compare("lines <= OrderID"),
                    Rule.unique("lines"),
                    Rule.unique("lines"),
                    Rule.notNull("customer.name")))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.CONTRACT_INVALID);
              assertThat(e.findings()).hasSize(11);
              assertThat(e.findings().get(0).what()).contains("the nearest are customer");
              assertThat(e.findings().get(2).what()).contains("has an offset");
              assertThat(e.findings().get(3).what()).contains("has no offset");
            });
  }

  @Test
  void rulesThatFitAreAccepted() {
    Contract contract =
        ORDERS.require(
            Rule.inSet("status", Status.PAID, Status.OPEN),
            Rule.between("createdAt", Instant.EPOCH, null),
            Rule.between("local", LocalDateTime.MIN.plusYears(999_999_000), null),
            Rule.inSet("trace", new UUID(1, 2)),
            Rule.inSet("amount", new BigDecimal("1.50")),
            Rule.compare("lines = shelf"),
            Rule.between("lines", 0.5, 1.5),
            Rule.length("raw", 0, 5));
    assertThat(contract.rules()).hasSize(8);
  }

  @Test
  void invalidTermsAreRejected() {
    assertThatThrownBy(() -> ORDERS.maxQuarantineShare(Double.NaN))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> ORDERS.freshWithin(Duration.ZERO))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> ORDERS.describeColumn("nope", "x")).hasMessageContaining("OrderID");
    assertThatThrownBy(() -> ORDERS.require((Rule) null)).hasMessageContaining("rule");
    assertThatThrownBy(() -> ORDERS.noticePeriod(Duration.ofHours(5)))
        .hasMessageContaining("whole");
    for (String json :
        List.of(
            "",
            "[]",
            "{}",
            "{\"schema\":1}",
            ORDERS.toJson().replace("REJECT", "MAYBE"),
            ORDERS
                .requireFourEyes()
                .toJson()
                .replace("\"fourEyes\":true", "\"fourEyes\":\"yes\""))) {
      assertThatThrownBy(() -> Contract.fromJson(json)).isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void anAvroFileIsReadAndAnInvalidOneIsRejected() throws Exception {
    Path file = Files.writeString(folder.resolve("orders.avsc"), ORDERS.schema().toString());
    assertThat(Contract.fromAvro(file)).isEqualTo(ORDERS);
    Path rows = folder.resolve("orders.avro");
    try (var writer = new DataFileWriter<>(new GenericDatumWriter<>())) {
      writer.create(ORDERS.schema(), rows.toFile());
    }
    assertThat(Contract.fromAvro(rows)).isEqualTo(ORDERS);
    Files.write(rows, Arrays.copyOf(Files.readAllBytes(rows), 20));
    assertThatThrownBy(() -> Contract.fromAvro(rows))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("orders.avro");
    assertThatThrownBy(() -> Contract.fromAvro(folder.resolve("none.avsc")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("none.avsc");
    Path bad = Files.writeString(folder.resolve("bad.avsc"), "{\"type\":\"enum\"}");
    assertThatThrownBy(() -> Contract.fromAvro(bad)).hasMessageContaining("NOT_A_RECORD");
  }

  @Test
  void aFileThatIsNotParquetIsRejected() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.parquet"), "PAR1 and nothing more");
    assertThatThrownBy(() -> Contract.fromParquet(bad))
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.FILE_MALFORMED));
    assertThatThrownBy(() -> Contract.fromParquet(folder.resolve("none.parquet")))
        .isInstanceOf(InvalidRequestException.class);
  }

  record Sold(long id, int quantity) {}

  @Test
  void aRuleIsReplacedOrRemovedByItsId() {
    Contract contract =
        Contract.of(Sold.class).require(Rule.between("quantity", 1, 9), Rule.unique("id"));

    Contract tighter = contract.replaceRule(Rule.between("quantity", 1, 5));

    assertThat(tighter.rules()).containsExactly(Rule.between("quantity", 1, 5), Rule.unique("id"));
    assertThat(contract.removeRule("between.quantity").rules()).containsExactly(Rule.unique("id"));
    assertThat(contract.rules()).as("the contract itself").hasSize(2);
  }

  @Test
  void aRuleThatIsNotThereIsNamedWithTheNearest() {
    Contract contract = Contract.of(Sold.class).require(Rule.between("quantity", 1, 9));

    assertThatThrownBy(() -> contract.removeRule("between.quantty"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONTRACT_INVALID))
        .hasMessageContaining("no rule has the id 'between.quantty'")
        .hasMessageContaining("Did you mean 'between.quantity'?");
    assertThatThrownBy(() -> contract.replaceRule(Rule.unique("id")))
        .hasMessageContaining("The rules are between.quantity.");
    assertThatThrownBy(() -> contract.primaryKey("id").removeRule(Contract.PRIMARY_KEY))
        .hasMessageContaining("primaryKey(..)");
    assertThatThrownBy(() -> Contract.of(Sold.class).removeRule("x"))
        .hasMessageContaining("The contract has no rules");
    assertThatThrownBy(() -> contract.require(Rule.between("quantity", 1, 5)))
        .hasMessageContaining("replaceRule(...)");
  }
}
