package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose columns have other names than the contract, or lack one. */
class RenamedFileColumnsTest {
  private static final String SALES = "commerce/sales";

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private Mesh mesh;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private MeshClient commerce;

  record Sale(
      String id, long cents, LocalDate day, Instant at, UUID source, boolean online, double rate) {}

  @BeforeEach
  void define() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    commerce.registerDomain("commerce").owner("o@example.org").commit();
    commerce.defineProduct(SALES).contract(Contract.of(Sale.class)).commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("sales.csv"), text);
  }

  @Test
  void valuesOfEachTypeAreSetAndColumnsRenamed() throws IOException {
    LocalDate day = LocalDate.of(2026, 11, 20);
    Instant at = Instant.parse("2026-11-20T08:00:00Z");
    UUID source = UUID.fromString("0c3f5a3e-3f0d-4a55-9c5c-d0d0d0d0d0d0");

    PublishReceipt receipt =
        commerce
            .publish(SALES)
            .files(file("number,cents\nA-1,250\n"))
            .renameColumn("number", "id")
            .setColumn("day", day)
            .setColumn("at", at)
            .setColumn("source", source)
            .setColumn("online", true)
            .setColumn("rate", 0.19)
            .idempotencyKey("day-1")
            .commit();

    assertThat(receipt.quality().rowsAccepted()).isEqualTo(1);
    try (Rows<Sale> rows = commerce.read(SALES).as(Sale.class).rows()) {
      assertThat(rows).containsExactly(new Sale("A-1", 250, day, at, source, true, 0.19));
    }
  }

  @Test
  void aValueOfAnotherTypeAndAColumnThatIsMissingAreRefused() throws IOException {
    Path file = file("number,cents\nA-1,250\n");

    for (Map.Entry<String, Object> wrong :
        List.<Map.Entry<String, Object>>of(
            Map.entry("day", "today"), Map.entry("online", 1), Map.entry("none", "x"))) {
      assertThatThrownBy(
              () ->
                  commerce
                      .publish(SALES)
                      .files(file)
                      .setColumn(wrong.getKey(), wrong.getValue())
                      .commit())
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
    assertThatThrownBy(
            () -> commerce.publish(SALES).files(file).renameColumn("cents", "id").commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the contract has a column 'cents' too");
  }
}
