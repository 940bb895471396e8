package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.cli.program.MeshProcess.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files of the command that are pipes, links, devices, or standard input and output. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipesTest {
  private static final String ROWS =
      "{\"orderId\":\"o-7\",\"amount\":1.5,\"country\":\"DE\"}\n"
          + "{\"orderId\":\"o-8\",\"amount\":2.5,\"country\":\"DE\"}\n";

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit calls open first
  private MeshProcess processes;

  @BeforeEach
  void open() throws IOException {
    CommandMesh.in(folder.resolve("mesh"));
    processes = new MeshProcess(folder);
    processes.variables.put("MESH_AS", "commerce/etl");
    Files.writeString(folder.resolve("two.jsonl"), ROWS);
    Files.writeString(folder.resolve("two.csv"), "orderId,amount,country\no-9,1,DE\no-10,1,DE\n");
  }

  private static List<JsonNode> documents(Ran ran) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    for (String line : ran.out().lines().filter(each -> each.startsWith("{\"format\"")).toList()) {
      documents.add(TestShell.JSON.readTree(line));
    }
    return documents;
  }

  @Test
  void rowsOfAPipeArePublishedWhateverItsName() throws Exception {
    Ran ran =
        processes.script(
            """
            mesh publish commerce/orders <(cat two.jsonl) --format jsonl --key a
            cat two.jsonl | mesh publish commerce/orders /dev/stdin --format jsonl --key b \\
                --mode replace-all --complete-up-to 2026-01-01T00:00:00Z
            mkfifo pipe.csv; cat two.csv > pipe.csv &
            mesh publish commerce/orders pipe.csv --key c
            mesh stage commerce/orders <(cat two.jsonl) --format jsonl --key d --mode replace-all
            mesh publish commerce/orders <(cat two.csv) <(echo orderId,amount,country; echo o-1,1,DE) \\
                --format csv --key e --mode replace-all
            """);
    assertThat(documents(ran))
        .as(ran.err())
        .extracting(each -> each.path("rows").asInt())
        .containsExactly(2, 2, 2, 2, 3);
  }

  @Test
  void rowsWithoutAFileNameAreReadAsTheirFirstBytesShow() throws Exception {
    Ran ran =
        processes.script(
            """
            cat two.jsonl | mesh publish commerce/orders - --key a
            mesh publish commerce/orders <(gzip < two.csv) --key b
            sed 's/,/;/g' two.csv | mesh stage commerce/orders /dev/stdin --key c
            mesh export commerce/orders all.parquet 2> export.err > export.out
            mesh publish commerce/orders <(cat all.parquet) --key d --mode replace-all --plan
            mesh publish commerce/orders <(cat two.csv) two.jsonl --key e || echo "several $?"
            printf 'PK\\003\\004' | mesh publish commerce/orders - --key f || echo "other $?"
            cat two.csv | mesh product propose - > proposed.yaml 2> proposed.err
            mesh contract breaking <(cat all.parquet) all.parquet > breaking.out
            """);
    assertThat(documents(ran))
        .as(ran.err())
        .filteredOn(each -> each.has("readAs"))
        .extracting(each -> each.get("readAs").properties().iterator().next().getValue().asText())
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("JSON"),
            second -> assertThat(second).isEqualTo("CSV in gzip"),
            third -> assertThat(third).startsWith("CSV, "),
            fourth -> assertThat(fourth).isEqualTo("Parquet"));
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("several 2", "other 2");
    assertThat(ran.err())
        .contains("Standard input is read as JSON.")
        .contains("The files have several formats: /dev/fd/")
        .contains("The first bytes of standard input are not CSV");
    assertThat(folder.resolve("proposed.yaml")).content().contains("name: orderId");
    assertThat(folder.resolve("proposed.err")).content().contains("Read as CSV.");
  }

  @Test
  void aRetryOfStandardInputOrOfAPipeReturnsTheFirstReceipt() throws Exception {
    Ran ran =
        processes.script(
            """
            for attempt in 1 2; do
              mesh publish commerce/orders - --format jsonl --key a < two.jsonl
              mesh publish commerce/orders <(cat two.csv) --format csv --key b
            done
            mesh publish commerce/orders - --format jsonl --key a < <(head -1 two.jsonl)
            """);
    assertThat(documents(ran))
        .as(ran.err())
        .extracting(each -> each.path("status").asText())
        .containsExactly("published", "published", "replayed", "replayed", "failed");
    assertThat(documents(ran).get(4).path("code").asText()).isEqualTo("MESH-5003");
  }

  @Test
  void aMessageNamesWhatWasGivenAndNotACopyOfIt() throws Exception {
    Ran ran =
        processes.script(
            """
            mesh publish commerce/orders <(echo '{') --format jsonl --mode replace-all
            echo PAR1 | mesh publish commerce/orders <(echo PAR1) --format parquet
            mesh product propose <(printf 'a,b\n"')
            """);
    assertThat(ran.err().lines().filter(line -> line.contains("/dev/fd/"))).hasSize(3);
    assertThat(ran.err() + ran.out()).doesNotContain("pipe-", "mesh-");

    ran =
        processes.script(
            """
            echo '{' | mesh publish commerce/orders - --format jsonl --mode replace-all
            echo '{' | mesh publish commerce/orders /dev/stdin --format avro
            printf '\\377' | mesh erase commerce/orders --now --where @- --because asked --plan
            """);
    assertThat(ran.err().toLowerCase(Locale.ROOT).lines())
        .as(ran.err())
        .filteredOn(line -> line.contains("standard input"))
        .hasSize(3);
    assertThat(ran.err() + ran.out()).doesNotContain("standard-input");
  }

  @Test
  void aStandardInputThatIsClosedIsNamedAsTheReason() throws Exception {
    Ran ran =
        processes.script(
            """
            mesh publish commerce/orders - --format jsonl <&-
            mesh erase commerce/orders --now --where @- --because asked --plan <&-
            mesh product propose - <&-
            """);
    assertThat(ran.err().lines().filter(line -> line.contains("standard input: it is closed")))
        .as(ran.err())
        .hasSize(3);
  }

  @Test
  void aContractIsProposedForAPipeAndNamedAfterIt() throws Exception {
    Ran ran =
        processes.script(
            """
            mkfifo orders.csv; cat two.csv > orders.csv &
            mesh product propose "$PWD/orders.csv" || exit 3
            mkfifo returns.jsonl; printf '{"a":1}\\n{"a":2}' | gzip > returns.jsonl &
            mesh product propose "$PWD/returns.jsonl"
            """);
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("orderId", "amount", "/orders.csv. ", "/returns.jsonl. ");
    assertThat(ran.out().lines().filter(line -> line.startsWith("name: ")))
        .containsExactly("name: orders", "name: returns");
  }

  @Test
  void aContractComesFromAPipe() throws Exception {
    Ran ran =
        processes.script(
            """
            mesh product propose two.csv > orders.yaml
            mesh product define commerce/piped --contract <(cat orders.yaml) --as commerce/etl
            mesh describe commerce/piped --as commerce/etl
            """);
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("orderId", "amount");
  }

  @Test
  void whatIsAtThePathOfAnOutputIsWrittenThrough() throws Exception {
    Ran ran =
        processes.script(
            """
            touch real.csv; mkdir links; ln -s ../real.csv links/orders.csv
            mesh export commerce/orders links/orders.csv > /dev/null || exit 3
            test -L links/orders.csv || exit 4
            mkfifo pipe.jsonl; cat pipe.jsonl > of-the-pipe &
            mesh export commerce/orders pipe.jsonl > /dev/null || exit 5
            wait; test -p pipe.jsonl || exit 6
            ln -s /dev/stdout out.csv
            mesh export commerce/orders out.csv > redirected || exit 7
            mesh export commerce/orders out.csv | cat > piped || exit 8
            mesh emit prometheus --to /dev/stdout > metrics || exit 9
            mkfifo pipe.parquet; cat pipe.parquet > of-the-pipe.parquet &
            mesh export commerce/orders pipe.parquet > /dev/null || exit 10
            wait; mesh publish commerce/orders of-the-pipe.parquet --key a > /dev/null || exit 11
            mkdir folder.parquet; mesh export commerce/orders folder.parquet > /dev/null
            test $? -eq 11 || exit 12
            """);
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(Files.readString(folder.resolve("real.csv"))).contains("o-1", "o-2");
    assertThat(Files.readAllLines(folder.resolve("of-the-pipe"))).hasSize(2);
    for (String file : List.of("redirected", "piped")) {
      assertThat(Files.readString(folder.resolve(file)))
          .startsWith("orderId,amount,country")
          .contains("o-1", "o-2", "\"rows\":2");
    }
    assertThat(Files.readString(folder.resolve("metrics")))
        .contains("# TYPE", "The metrics are in /dev/stdout.");
    try (var files = Files.list(folder)) {
      assertThat(files.filter(file -> file.toString().endsWith(".part"))).isEmpty();
    }
  }

  @Test
  void aChangeThatIsInterruptedSaysHowToGoOn() throws Exception {
    Ran ran =
        processes.script(
            """
            mkfifo pipe.csv
            "${program[@]}" publish commerce/orders pipe.csv --key a &
            exec 3> pipe.csv # waits until the command reads
            kill -TERM $!
            wait $!
            """);
    assertThat(ran.code()).as(ran.err()).isEqualTo(143);
    assertThat(ran.err()).contains("'mesh publish' was stopped", "--key a, it is made once");
  }

  /** A job in the background of a shell without job control ignores the signal, as do its own. */
  private void assumeInterruptible() throws Exception {
    assumeThat(processes.script("trap -p INT").out())
        .as("what started the tests ignores the signal of Ctrl-C, and so do their processes")
        .isEmpty();
  }

  @Test
  void ctrlCExitsWith130AndSaysWhatWasDone() throws Exception {
    assumeInterruptible();
    Ran ran =
        processes.script(
            """
            set -m # jobs in the background take the signal
            mkfifo pipe.csv
            "${program[@]}" publish commerce/orders pipe.csv &
            exec 3> pipe.csv # waits until the command reads
            kill -INT $!
            wait $!
            """);
    assertThat(ran.code()).as(ran.err()).isEqualTo(130);
    assertThat(ran.err())
        .contains(
            "'mesh publish' was stopped",
            "completely or not at all",
            "'mesh log commerce/orders'",
            "run it again");
  }

  @Test
  void ctrlCOfAnExportNamesTheFile() throws Exception {
    assumeInterruptible();
    Ran ran =
        processes.script(
            """
            set -m
            mesh publish commerce/orders <(echo orderId,amount,country; seq -f x%.0f,1,DE 20000) \
                --format csv > published || exit 3
            mkfifo pipe.csv
            "${program[@]}" export commerce/orders pipe.csv &
            exec 3< pipe.csv # waits until the command writes, and takes only a part
            kill -INT $!
            wait $!
            """);
    assertThat(ran.code()).as(ran.err()).isEqualTo(130);
    assertThat(ran.err())
        .contains("'mesh export' was stopped. pipe.csv is complete, or as it was before")
        .doesNotContain("mesh log");
  }

  @Test
  void logsOfLibrariesAreNotPrinted() throws Exception {
    Ran ran = processes.script("mesh -v publish commerce/orders two.csv --key a");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.err()).doesNotContain("Snappy", "snappy", "InternalParquet", "org.apache");
  }

  @Test
  void aReaderThatEndsEarlyIsNoError() throws Exception {
    Ran ran =
        processes.script(
            "set -o pipefail; mesh read commerce/orders --limit 100 | (read first; exec <&-; echo"
                + " \"$first\")");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.err()).doesNotContain("disk");
  }

  @Test
  void rowsGoToStandardOutputAloneAndTheirReaderMayEnd() throws Exception {
    Ran ran =
        processes.script(
            """
            set -o pipefail
            mesh publish commerce/orders <(echo orderId,amount,country; seq -f x%.0f,1,DE 200000) \
                --format csv 2> publish.err > publish.json
            mesh export commerce/orders - --format csv 2> csv.err | head -n 2; echo "exit $?"
            mesh export commerce/orders - --format parquet 2> parquet.err | cat > all.parquet
            mesh publish commerce/orders all.parquet --plan 2> plan.err | grep -o '"accepted":[0-9]*'
            mesh export commerce/orders - --format avro 2> avro.err | head -c 3; echo " $?"
            mesh export commerce/orders - --format csv > /dev/full 2> full.err; echo "full $?"
            mesh export commerce/orders - 2> format.err; echo "format $?"
            mesh export commerce/none - --format jsonl 2> none.err; echo "none $?"
            """);
    assertThat(ran.out().lines())
        .as(ran.err() + Files.readString(folder.resolve("csv.err")))
        .containsExactly(
            "orderId,amount,country",
            "o-1,10.5,DE",
            "exit 0",
            "\"accepted\":200002",
            "Obj 0",
            "full 11",
            "format 2",
            "none 2");
    assertThat(folder.resolve("csv.err")).isEmptyFile();
    assertThat(folder.resolve("avro.err")).isEmptyFile();
    assertThat(folder.resolve("parquet.err"))
        .content()
        .contains("200002 rows of commerce/orders are on standard output", "{\"format\":1");
    assertThat(folder.resolve("full.err"))
        .content()
        .contains("Cannot write standard output", "\"status\":\"failed\"")
        .doesNotContain("\"exported\"");
    assertThat(folder.resolve("format.err")).content().contains("Add --format: csv, jsonl");
    assertThat(folder.resolve("none.err")).content().contains("\"status\":\"failed\"");
  }

  @Test
  void aPollPrintsRowsAndItsBatchOnStandardError() throws Exception {
    processes.variables.put("MESH_AS", "finance/analyst");
    Ran ran =
        processes.script(
            """
            mesh subscribe commerce/orders --name closing --for Closing > subscribe.json 2>&1
            mesh poll closing --to - --format jsonl > /dev/full 2> full.err; test "$?" = 11
            mesh poll closing --to - --format jsonl 2> batch.err
            mesh ack closing "$(tail -n 1 batch.err | sed 's/.*"batch":"\\([^"]*\\)".*/\\1/')" > ack.json
            echo "$?"
            """);
    assertThat(ran.out().lines()).as(ran.err()).hasSize(3).last().isEqualTo("0");
    assertThat(ran.out()).startsWith("{\"orderId\":\"o-1\"");
    assertThat(folder.resolve("full.err"))
        .content()
        .contains("Cannot write standard output")
        .doesNotContain("mesh ack", "polled");
  }

  @Test
  void anArgumentThatCannotBeDecodedIsRejectedBeforeItIsUsed() throws Exception {
    Ran ran =
        processes.script(
            """
            export LC_ALL=C
            mesh erase commerce/orders --now --where "country = 'Köln'" --because x --key k; echo "$?"
            mesh republish commerce/orders --where TRUE --set country=Köln; echo "$?"
            mesh grant commerce/orders --to other/bot --rows "country <> '東京'" --because x; echo "$?"
            mesh file:mesh publish commerce/orders Köln.parquet; echo "$?"
            mesh mesh publish commerce/orders Köln.parquet; echo "$?"
            MESH_URL=file:Köln mesh health; echo "$?"
            """);
    assertThat(ran.out().lines().filter(line -> !line.startsWith("{")))
        .as(ran.err())
        .containsExactly("2", "2", "2", "2", "2", "2");
    assertThat(ran.err())
        .contains("cannot be decoded", "LC_ALL=C.UTF-8")
        .contains("Cannot use the location", "as a local file");
    assertThat(documents(ran)).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void aQuestionMarkThatMayStandForAnotherCharacterIsRejectedInAChange() throws Exception {
    Ran ran =
        processes.script(
            """
            export LC_ALL=C
            mesh erase commerce/orders --now --where "country = '?'" --because x; echo "$?"
            mesh republish commerce/orders --where TRUE --set country=? --plan; echo "$?"
            mesh grant commerce/orders --to other/bot --rows "country <> '?'" --because x; echo "$?"
            mesh read commerce/orders --where "country = '?'" > read.txt; echo "$?"
            """);
    assertThat(ran.out().lines().filter(line -> !line.startsWith("{")))
        .as(ran.err())
        .containsExactly("2", "2", "2", "0");
    assertThat(ran.err()).contains("question mark", "@FILE", "UTF-8 locale");
  }

  @Test
  void aFilterCanComeFromAFileOrStandardInputInAnyLocale() throws Exception {
    Files.writeString(folder.resolve("filter.txt"), "\uFEFFcountry = 'K\u00f6ln?'\n");
    Files.write(folder.resolve("utf16.txt"), "country = 'DE'".getBytes(StandardCharsets.UTF_16));
    Files.writeString(
        folder.resolve("cities.csv"), "orderId,amount,country\no-9,1,K\u00f6ln?\no-10,1,K?ln?\n");
    Ran ran =
        processes.script(
            """
            export LC_ALL=C
            mesh publish commerce/orders cities.csv --key a > published.txt
            mesh --json read commerce/orders --where @filter.txt | grep -c o-9
            mesh publish commerce/orders cities.csv --mode replace-where --where @filter.txt; echo "$?"
            mesh publish commerce/orders - --format csv --mode replace-where --where @- < cities.csv
            echo "$?"
            mesh grant commerce/orders --to other/bot --rows @filter.txt --because x > granted.txt
            mesh erase commerce/orders --now --where @utf16.txt --because x; echo "$?"
            mesh erase commerce/orders --now --where @none.txt --because x; echo "$?"
            mesh erase commerce/orders --now --where @- --because x --key k < filter.txt
            """);
    assertThat(ran.out().lines().filter(line -> !line.startsWith("{")))
        .as(ran.err())
        .containsExactly("1", "10", "2", "2", "2");
    assertThat(ran.err())
        .contains("not both", "utf16.txt is not UTF-8", "Cannot read none.txt", "Erased rows: 1.");
    assertThat(folder.resolve("granted.txt")).content().contains("country = 'K\u00f6ln?'");
  }

  @Test
  void scriptsHaveDigitsOfAsciiInEachLocale() throws Exception {
    Ran ran =
        processes.script(
            """
            export JAVA_TOOL_OPTIONS='-Duser.language=ar -Duser.country=EG'
            mesh completion > completion.bash && bash -n completion.bash; echo "$?"
            """);
    assertThat(ran.out()).as(ran.err()).isEqualTo("0\n");
    assertThat(folder.resolve("completion.bash")).content().matches("[\\p{ASCII}]+");
  }

  @Test
  void aFullDiskExitsWith11AndCanBeRetriedWhateverIsWritten() throws Exception {
    Ran ran =
        processes.script(
            """
            mkdir d site
            for each in o.csv o.jsonl o.avro o.parquet d/mesh.yaml site/index.html; do
              ln -s /dev/full "$each"
            done
            printf '{\\n  "format" : 1,' > site/index.json
            for each in csv jsonl avro parquet; do
              mesh export commerce/orders "o.$each"; echo "$?"
            done
            mesh snapshot commerce --to d; echo "$?"
            mesh portal site; echo "$?"
            rm site/index.html
            mesh portal site > /dev/null; echo "$?"
            """);
    assertThat(ran.out().lines().filter(line -> !line.startsWith("{")))
        .as(ran.err())
        .containsExactly("11", "11", "11", "11", "11", "11", "0");
    assertThat(documents(ran))
        .hasSize(5)
        .allSatisfy(
            each -> {
              assertThat(each.path("code").asText()).isEqualTo("MESH-7008");
              assertThat(each.path("retryable").asBoolean()).isTrue();
            });
  }
}
