package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.publish.Publish.FileFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceErrorsTest {
  @TempDir private Path folder;

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private MeshException refusal(String name, String content) throws IOException {
    Path file = file(name, content.getBytes(StandardCharsets.UTF_8));
    return catchThrowableOfType(MeshException.class, () -> ContractProposal.from(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.csv | '' | it is empty",
        "a.json | '' | it is empty",
        "a.parquet | '' | it is empty",
        "a.csv | 'a,b\n' | it has column names, but no rows",
        "a.csv | 'a,b\n1,\"secret\n2,3\n' | the quote that opens a cell in line 2 is never closed",
        "a.csv | 'a,b\n1,\"secret\"x\n' | text follows the closing quote of a cell in line 2",
        "a.json | '{\"a\": 1}\n{\"a\": secret}\n' | line 2, column",
        "a.json | '{\"a\": 1, \"a\": 2}' | a duplicate name",
        "a.json | '{\"a\": 1}\n\"secret\"' | row 2, in line 2",
        "a.json | '{\"a\": NaN}' | is not valid JSON",
        "a.json | '[]' | it has no row",
        "a.jsonl | '{\"a\": 1' | is not valid JSON",
        "a.parquet | 'secret,but,no,parquet' | does not end with the magic number PAR1"
      })
  void aMalformedFileIsRejectedWithTheLocation(String name, String content, String why)
      throws IOException {
    MeshException refusal = refusal(name, content);

    assertThat(refusal).isInstanceOf(ContractViolationException.class);
    assertThat(refusal.code()).isEqualTo("MESH-2003");
    assertThat(refusal)
        .hasMessageContainingAll(why, name, "Nothing was changed.")
        .message()
        .doesNotContain("secret");
  }

  @Test
  void aBinaryFileWithATextExtensionIsRejected() throws IOException {
    byte[] noise = new byte[10_000];
    long seed = 4711;
    new Random(seed).nextBytes(noise);
    noise[0] = 'x';
    for (String name : new String[] {"a.csv", "a.json"}) {
      Path file = file(name, noise);
      assertThatThrownBy(() -> ContractProposal.from(file))
          .as("seed %s, %s", seed, name)
          .isInstanceOf(ContractViolationException.class)
          .hasMessageContaining(name);
    }
    Path zeros = file("zeros.csv", new byte[100]);
    assertThatThrownBy(() -> ContractProposal.from(zeros))
        .hasMessageContainingAll("zero byte", "MESH-2003");
  }

  @Test
  void otherCharsetsOfTextAreRecognized() throws IOException {
    Path latin = file("latin.csv", "a\nMünchen\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(ContractProposal.from(latin).readAs()).isEqualTo("windows-1252");
    Path wide = file("wide.csv", "a\n1\n".getBytes(StandardCharsets.UTF_16));
    assertThat(ContractProposal.from(wide).readAs()).isEqualTo("UTF-16BE");
  }

  @Test
  void aFileWithoutAHeaderHasNumberedColumns() throws IOException {
    Path file = file("a.csv", "1,x,2026-01-01\n2,y,2026-01-02\n".getBytes(StandardCharsets.UTF_8));
    ContractProposal proposal = ContractProposal.from(file);
    assertThat(proposal.readAs()).isEqualTo("no header");
    assertThat(proposal.rows()).isEqualTo(2);
    assertThat(proposal.contract().schema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly("column_1", "column_2", "column_3");
  }

  @Test
  void formatsThatAreNotReadAreNamed() throws IOException {
    Path gzip = file("a.csv", new byte[] {0x1f, (byte) 0x8b, 8, 0});
    assertThatThrownBy(() -> ContractProposal.from(gzip))
        .hasMessageContainingAll("a.csv", "not a complete file of gzip", "MESH-2003");
    Path orc = file("a.orc", "ORC1".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ContractProposal.from(orc))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("a.orc", "gzip", "unpack", "MESH-1001");
    Path unknown = file("a.dat", new byte[] {1, 2, 3});
    assertThatThrownBy(() -> ContractProposal.from(unknown))
        .hasMessageContainingAll("a.dat", "name its format", "MESH-1001");
  }

  @Test
  void aMissingFileIsReported() {
    Path missing = folder.resolve("gone.csv");

    assertThatThrownBy(() -> ContractProposal.from(missing))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("gone.csv", "it does not exist at", "MESH-1011");
    assertThatThrownBy(() -> ContractProposal.from(folder)).hasMessageContaining("MESH-1011");
  }

  @Test
  void objectsTooDeepAndNumbersTooLongAreRejected() {
    String deep = "{\"a\":".repeat(100) + "1" + "}".repeat(100);
    String digits = "{\"a\": " + "1".repeat(100_000) + "}";
    for (String bad : new String[] {deep, digits}) {
      assertThatThrownBy(
              () ->
                  ContractProposal.fromJson(
                      new ByteArrayInputStream(bad.getBytes(StandardCharsets.UTF_8))))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("too deep, too long", "MESH-1008");
    }
  }

  @Test
  void aCellThatIsTooLongIsRejected() {
    String open = "a,b\n1,\"secret" + "x".repeat(16 << 20);
    assertThatThrownBy(
            () ->
                ContractProposal.fromCsv(
                    new ByteArrayInputStream(open.getBytes(StandardCharsets.UTF_8)),
                    FileFormat.csv()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("a cell that starts in line 2", "16777216", "MESH-1008")
        .hasMessageNotContaining("secret");
  }

  @Test
  void theLineOfACellCountsTheLinesBeforeItInItsRow() {
    String open = "a,b\r\n\"1\r\n2\n3\",\"secret\r\n";
    assertThatThrownBy(
            () ->
                ContractProposal.fromCsv(
                    new ByteArrayInputStream(open.getBytes(StandardCharsets.UTF_8)),
                    FileFormat.csv()))
        .hasMessageContaining("the quote that opens a cell in line 4 is never closed");
  }

  @Test
  void invalidSeparatorsAreRejected() {
    assertThatThrownBy(() -> FileFormat.csv().separator('"')).hasMessageContaining("MESH-1001");
    assertThatThrownBy(() -> FileFormat.csv().columns(new String[0]))
        .hasMessageContaining("MESH-1001");
  }
}
