package io.meshwork.internal.conformance.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with values that their declared types do not have, which readers read differently. */
class DeclaredTypesOnDiskTest {
  private static final String READINGS = "plant/readings";

  /** What a sensor measured. */
  record SensorLevel(int level) {}

  /** The price of a day. */
  record Price(@Column(precision = 10, scale = 2) BigDecimal amount) {}

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // opened before each test
  private Mesh mesh;

  private MeshClient plant() {
    return mesh.clientAs(Principal.of("plant", "etl"));
  }

  @BeforeEach
  void open() throws Exception {
    Files.createDirectories(folder.resolve("lake"));
    mesh = LocalMesh.builder(folder.resolve("mesh"), Map.of("lake", folder.resolve("lake"))).open();
    plant().registerDomain("plant").owner("plant@example.org").commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  /** Writes one column with DuckDB, and declares another logical type for it. */
  private Path written(String select, LogicalType declared, ConvertedType old) throws Exception {
    Path file = folder.resolve("lake/a.parquet");
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
    }
    byte[] changed =
        LyingParquet.withFooter(
                footer -> {
                  SchemaElement column = footer.getSchema().get(1);
                  column.setLogicalType(declared).setConverted_type(old);
                  if (declared.isSetDECIMAL()) {
                    column.setPrecision(declared.getDECIMAL().getPrecision());
                    column.setScale(declared.getDECIMAL().getScale());
                  }
                })
            .of(Files.readAllBytes(file));
    return Files.write(file, changed);
  }

  private Path tinyNumbers(int... numbers) throws Exception {
    StringBuilder select = new StringBuilder();
    for (int number : numbers) {
      select.append(select.isEmpty() ? "" : " UNION ALL ").append("SELECT ").append(number);
      select.append("::INTEGER AS level");
    }
    return written(
        select.toString(), LogicalType.INTEGER(new IntType((byte) 8, true)), ConvertedType.INT_8);
  }

  @Test
  void aNumberBeyondItsDeclaredWidthIsNotRegistered() throws Exception {
    tinyNumbers(-128, 127, 128);

    assertThatThrownBy(
            () ->
                plant()
                    .onboard(READINGS)
                    .contract(Contract.of(SensorLevel.class))
                    .from(folder.resolve("lake"))
                    .commit())
        .asInstanceOf(type(ContractViolationException.class))
        .satisfies(
            refused ->
                assertThat(refused.findings())
                    .singleElement()
                    .satisfies(
                        finding -> {
                          assertThat(finding.code()).isEqualTo(FindingCode.TYPE_MISMATCH);
                          assertThat(finding.where()).contains("level");
                          assertThat(finding.what())
                              .contains("first in row 3, in root:lake/a.parquet, row 3: ")
                              .contains("out of the range of its type");
                        }));

    tinyNumbers(-128, 127);
    assertThat(
            plant()
                .onboard(READINGS)
                .contract(Contract.of(SensorLevel.class))
                .from(folder.resolve("lake"))
                .commit()
                .rowsAccepted())
        .isEqualTo(2);
  }

  @Test
  void aRowThatBreaksTheContractIsNamedByFileAndRow() throws Exception {
    Path good = tinyNumbers(1, 2);
    Files.move(good, good.resolveSibling("0.parquet"));
    tinyNumbers(3, 4, 99);
    Contract contract = Contract.of(SensorLevel.class).require(Rule.atMost("level", 50));

    assertThatThrownBy(
            () ->
                plant().onboard(READINGS).contract(contract).from(folder.resolve("lake")).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("first in row 5, in root:lake/a.parquet, row 3");
  }

  @Test
  void aDecimalBeyondItsDeclaredDigitsIsNeitherRegisteredNorPublished() throws Exception {
    Path file =
        written(
            "SELECT 100000::INTEGER AS amount",
            LogicalType.DECIMAL(new DecimalType(2, 4)),
            ConvertedType.DECIMAL);
    assertMalformed(file, "a decimal has more digits than its type in the file");
  }

  @Test
  void aNumberBeyondItsDeclaredWidthIsAFindingOfAPublish() throws Exception {
    Path file = tinyNumbers(-129, 5);
    plant().defineProduct(READINGS).contract(Contract.of(SensorLevel.class)).commit();

    assertThatThrownBy(() -> plant().publish(READINGS).files(file).commit())
        .asInstanceOf(type(ContractViolationException.class))
        .satisfies(
            refused ->
                assertThat(refused.findings())
                    .extracting(finding -> finding.code())
                    .containsExactly(FindingCode.TYPE_MISMATCH));
  }

  @Test
  void aDecimalWithoutBytesIsNeitherRegisteredNorPublished() throws Exception {
    Path file =
        written(
            "SELECT ''::BLOB AS amount",
            LogicalType.DECIMAL(new DecimalType(2, 10)),
            ConvertedType.DECIMAL);
    assertMalformed(file, "a decimal has no bytes");
  }

  /** Fails unless an onboarding and a publish of a file with prices are both refused. */
  private void assertMalformed(Path file, String why) {
    Contract prices = Contract.of(Price.class);
    plant().defineProduct("plant/prices").contract(prices).commit();
    for (var refused :
        List.<ThrowingCallable>of(
            () -> plant().onboard(READINGS).contract(prices).from(folder.resolve("lake")).commit(),
            () -> plant().publish("plant/prices").files(file).commit())) {
      assertThatThrownBy(refused)
          .isInstanceOf(ContractViolationException.class)
          .hasMessageContaining(why)
          .hasMessageContaining("a.parquet")
          .satisfies(
              e ->
                  assertThat(((ContractViolationException) e).errorCode())
                      .isEqualTo(ErrorCode.FILE_MALFORMED));
    }
  }
}
