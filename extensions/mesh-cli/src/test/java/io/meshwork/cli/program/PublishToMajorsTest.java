package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.cli.ExitCode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While two major versions live, options state what a publish means for the other one. */
class PublishToMajorsTest {
  private static final String PARCELS = "commerce/parcels";

  @TempDir private Path folder;

  private TestShell shell;

  record Parcel(String parcelId, String place) {}

  record City(String parcelId, String city) {}

  record ParcelWithCity(String parcelId, String city, String source) {}

  @BeforeEach
  void startARollout() throws IOException {
    Path home = folder.resolve("mesh");
    CommandMesh.in(home);
    try (Mesh mesh = LocalMesh.openExisting(home)) {
      mesh.clientAs(Principal.of("commerce", "etl"))
          .defineProduct(PARCELS)
          .contract(Contract.of(Parcel.class))
          .commit();
    }
    shell = new TestShell(folder);
    shell.variables.put("MESH_URL", home.toString());
    shell.variables.put("MESH_AS", "commerce/etl");
    String second = write("second.json", Contract.of(ParcelWithCity.class).toJson());
    run(
        0,
        "rollout",
        "start",
        PARCELS,
        "--contract",
        second,
        "--because",
        "Cities",
        "--without-history");
    run(0, "rollout", "activate", PARCELS);
  }

  @Test
  void columnsAreMappedToTheOtherVersion() throws IOException {
    String rows = write("rows.csv", "parcelId,place\np-1,Bonn\n");
    String[] publish = {"publish", PARCELS, rows, "--key", "day-1", "--major", "1"};
    run(ExitCode.WRONG_REQUEST, publish);
    assertThat(shell.err()).contains("--also-to 2");

    run(0, with(publish, "--also-to", "2:city=place,source='file'"));

    run(0, "read", PARCELS, "--major", "2", "--json");
    assertThat(shell.json().get("rows").toString()).contains("p-1", "Bonn", "file");
    run(0, "read", PARCELS, "--major", "1", "--json");
    assertThat(shell.json().get("rows").toString()).contains("p-1", "Bonn");
  }

  @Test
  void aValueForTheOtherVersionIsWrittenAsInACsvFile() throws IOException {
    String offers = "commerce/offers";
    String field = "{\"type\": \"record\", \"name\": \"Offer\", \"fields\": [{\"name\": \"id\"";
    String first = write("first.avsc", field + ", \"type\": \"string\"}]}");
    String second =
        write(
            "second.avsc",
            field
                + ", \"type\": \"string\"}, {\"name\": \"pieces\", \"type\": \"long\"}, {\"name\":"
                + " \"day\", \"type\": {\"type\": \"int\", \"logicalType\": \"date\"}}, {\"name\":"
                + " \"note\", \"type\": \"string\"}]}");
    run(0, "product", "define", offers, "--contract", first);
    String rows = write("offers.csv", "id\no-1\n");
    run(0, "publish", offers, rows, "--key", "a");
    run(0, "rollout", "start", offers, "--contract", second, "--because", "Pieces");
    String[] fill = {"rollout", "back-fill", offers, "--set", "pieces=1", "--set", "note=a, b"};
    run(0, with(fill, "--set", "day=2026-11-20"));
    run(0, "rollout", "activate", offers);
    String[] publish = {"publish", offers, rows, "--also-to"};

    run(0, with(publish, "2:pieces='7',day='2026-11-21',note='a, b'"));

    run(0, "read", offers, "--major", "2", "--where", "pieces = 7", "--json");
    assertThat(shell.json().get("rows"))
        .hasToString("[{\"id\":\"o-1\",\"pieces\":7,\"day\":\"2026-11-21\",\"note\":\"a, b\"}]");
    run(0, with(publish, "2:pieces='8',note='it's, or not',day='2026-11-21'"));
    run(0, "read", offers, "--major", "2", "--where", "pieces = 8", "--json");
    assertThat(shell.json().get("rows").get(0).get("note").asText()).isEqualTo("it's, or not");
    run(ExitCode.WRONG_REQUEST, with(publish, "2:pieces='x',day='2026-11-21',note=''"));
    assertThat(shell.err()).startsWith("'x' is not a value of column pieces: ");
  }

  @Test
  void aConsumerAnswersMovesAndReadsAllRowsAgain() throws IOException {
    String letters = "commerce/letters";
    String first = write("first.json", Contract.of(ParcelWithCity.class).toJson());
    run(0, "product", "define", letters, "--contract", first);
    String day1 = write("day-1.csv", "parcelId,city,source\np-1,Bonn,a\n");
    run(0, "publish", letters, day1, "--key", "day-1");
    run(0, "subscribe", letters, "--name", "copies", "--for", "Copies");
    String[] poll = {"poll", "copies", "--to", folder.resolve("batch.csv").toString()};
    run(0, poll);
    assertThat(shell.err())
        .contains("1 row is in ", ". When it is processed:")
        .doesNotContain("replace");
    run(0, "ack", "copies", shell.json().get("batch").asText());
    String day2 = write("day-2.csv", "parcelId,city,source\np-2,Bonn,a\n");
    run(0, "publish", letters, day2, "--key", "day-2");
    String second = write("city.json", Contract.of(City.class).toJson());
    run(0, "rollout", "start", letters, "--contract", second, "--because", "No source");
    run(0, "rollout", "back-fill", letters);
    run(0, "rollout", "activate", letters);

    run(0, "rollout", "announce", letters);
    String[] counter = {"rollout", "answer", letters, "--counter", "2099-01-31"};
    run(0, with(counter, "--because", "Holidays"));
    assertThat(shell.err())
        .contains("commerce/copies asks for 2099-01-31. Until the owner accepts it, it keeps its");
    assertThat(shell.json().get("requestedDate").asText()).isEqualTo("2099-01-31");

    String[] unknown = {"rollout", "move", letters, "copy"};
    for (String[] move : List.of(unknown, with(unknown, "--plan"))) {
      run(ExitCode.WRONG_REQUEST, move);
      assertThat(shell.err())
          .contains("You have no subscription 'copy' to commerce/letters. Yours are: copies.");
    }
    run(0, "rollout", "move", letters, "copies", "--plan");
    assertThat(shell.out()).contains("returns all rows again, as RESET, and says why");
    run(0, "rollout", "move", letters, "copies");
    assertThat(shell.err()).contains("starts over and returns all rows, as RESET");
    run(0, poll);

    String why = shell.json().get("reason").asText();
    assertThat(why).contains("rows changed after it", "mesh rollout activate");
    assertThat(shell.err())
        .contains(
            "2 rows are in ",
            "They replace all earlier rows of the subscription (RESET: " + why + ").",
            "When they are processed:");
    run(0, "rollout", "moved", letters, "--because", "The job reads version 2");
    assertThat(shell.err())
        .startsWith("commerce/copies states that it moved: ")
        .doesNotContain("keeps its version until");
  }

  @Test
  void aFileWithOtherColumnsIsPublishedAsTheContractHasThem() throws IOException {
    String csv = write("rows.csv", "order,country\no-7,DE\n");
    String json = write("rows.jsonl", "{\"order\":\"o-8\",\"country\":\"DE\"}\n");
    String[] columns = {"--rename", "order=orderId", "--set", "amount=9.25"};
    run(ExitCode.CONTRACT_VIOLATED, "publish", CommandMesh.ORDERS, csv);

    run(0, with(new String[] {"publish", CommandMesh.ORDERS, csv, "--key", "a"}, columns));
    run(0, with(new String[] {"publish", CommandMesh.ORDERS, json}, columns));
    String parcels = write("parcels.csv", "parcelId,place\np-1,DE\n");
    run(0, "publish", PARCELS, parcels, "--major", "1", "--also-to", "2:city=place,source='file'");
    for (String name : List.of("parcels.avro", "parcels.parquet")) {
      String file = folder.resolve(name).toString();
      run(0, "export", PARCELS, file, "--major", "1");
      run(
          0,
          "publish",
          CommandMesh.ORDERS,
          file,
          "--rename",
          "parcelId=orderId",
          "--rename",
          "place=country",
          "--set",
          "amount=1");
    }

    run(0, "read", CommandMesh.ORDERS, "--json");
    String parcel = "{\"orderId\":\"p-1\",\"amount\":1.0,\"country\":\"DE\"}";
    assertThat(shell.json().get("rows").toString())
        .contains("{\"orderId\":\"o-7\",\"amount\":9.25,\"country\":\"DE\"}", "\"o-8\"")
        .contains(parcel + "," + parcel);
    run(ExitCode.WRONG_REQUEST, "publish", CommandMesh.ORDERS, csv, "--rename", "amount=orderId");
    assertThat(shell.err()).contains("the contract has a column 'amount' too");
    String[] other = {"--rename", "order=orderId", "--set", "amount=9.50"};
    run(
        ExitCode.WRONG_REQUEST,
        with(new String[] {"publish", CommandMesh.ORDERS, csv, "--key", "a"}, other));
    assertThat(shell.json().get("code").asText()).isEqualTo("MESH-5003");
    run(ExitCode.WRONG_REQUEST, "publish", CommandMesh.ORDERS, csv, "--set", "amount=much");
    assertThat(shell.err())
        .contains("'much' is not a value of column amount", "a number within the range");
    run(ExitCode.WRONG_REQUEST, "publish", CommandMesh.ORDERS, csv, "--set", "amount=");
    assertThat(shell.err()).contains("--set has no value of column amount");
    run(ExitCode.WRONG_REQUEST, "publish", CommandMesh.ORDERS, csv, "--rename", "ordr=orderId");
    assertThat(shell.err()).contains("it has no column 'ordr'", "'order'");
    run(ExitCode.WRONG_REQUEST, "publish", CommandMesh.ORDERS, csv, "--rename", "order=id");
    assertThat(shell.err()).contains("the contract has no column 'id'");
  }

  @Test
  void theHistoryIsCopiedToRenamedAndNewColumns() throws IOException {
    String boxes = "commerce/boxes";
    String first = write("first.json", Contract.of(Parcel.class).toJson());
    run(0, "product", "define", boxes, "--contract", first);
    run(0, "publish", boxes, write("rows.csv", "parcelId,place\np-1,Bonn\n"), "--key", "day-1");
    run(
        0,
        "rollout",
        "start",
        boxes,
        "--contract",
        folder.resolve("second.json").toString(),
        "--because",
        "Cities");
    run(ExitCode.WRONG_REQUEST, "rollout", "back-fill", boxes);
    assertThat(shell.err()).contains("--rename OLD=NEW", "--set COLUMN=VALUE");
    String[] columns = {"--rename", "place=city", "--set", "source=file"};

    run(0, with(new String[] {"rollout", "back-fill", boxes}, columns));

    assertThat(shell.json().get("status").asText()).isEqualTo("filled");
    run(0, with(new String[] {"rollout", "compare", boxes, "--json"}, columns));
    assertThat(shell.json().get("equal").asBoolean()).isTrue();
    run(0, "rollout", "activate", boxes);
    run(0, "read", boxes, "--major", "2", "--json");
    assertThat(shell.json().get("rows").toString())
        .isEqualTo("[{\"parcelId\":\"p-1\",\"city\":\"Bonn\",\"source\":\"file\"}]");
    for (String verb : List.of("back-fill", "compare")) {
      run(ExitCode.WRONG_REQUEST, "rollout", verb, boxes, "--rename", "plaice=city");
      assertThat(shell.err()).contains("no column 'plaice'", "place");
      run(
          ExitCode.WRONG_REQUEST,
          "rollout",
          verb,
          boxes,
          "--rename",
          "place=city",
          "--set",
          "city=x");
      assertThat(shell.err()).contains("Column city has two sources");
    }
    run(ExitCode.WRONG_REQUEST, with(new String[] {"rollout", "back-fill", boxes}, columns));
    assertThat(shell.err()).contains("The history was copied before");
    run(ExitCode.WRONG_REQUEST, "rollout", "back-fill", boxes, "--rename", "place=town");
    assertThat(shell.err()).contains("no column 'town'");
  }

  @Test
  void aBackFillSaysHowManyRowsItRejected() throws IOException {
    String second =
        """
        {"schema":{"type":"record","name":"Parcel","fields":[
          {"name":"parcelId","type":"string"},
          {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":7,"scale":2},
           "meshwork.textForm":{"format":"1.234,56"}},
          {"name":"stamp","type":["null","bytes"]},
          {"name":"city","type":"string"}]}}
        """;
    for (String[] each :
        List.of(
            new String[] {"commerce/some", "B.*", "1", "1", "filled"},
            new String[] {"commerce/none", "Z.*", "0", "2", "rejected"})) {
      String product = each[0];
      String first = write("first.json", Contract.of(Parcel.class).toJson());
      run(0, "product", "define", product, "--contract", first);
      run(0, "publish", product, write("rows.csv", "parcelId,place\np-1,Bonn\np-2,Ulm\n"));
      String contract =
          write(
              "rejecting.json",
              Contract.fromJson(second).require(Rule.matches("city", each[1])).toJson());
      run(0, "rollout", "start", product, "--contract", contract, "--because", "Cities");
      String[] columns = {"--rename", "place=city", "--set", "price=12,5", "--set", "stamp=AQI="};

      run(0, with(new String[] {"rollout", "back-fill", product}, columns));

      assertThat(shell.json().get("status").asText()).isEqualTo(each[4]);
      assertThat(shell.json().get("filled").asText()).isEqualTo(each[2]);
      assertThat(shell.json().get("rejected").asText()).isEqualTo(each[3]);
      run(ExitCode.WRONG_REQUEST, with(new String[] {"rollout", "back-fill", product}, columns));
      run(0, "rollout", "back-fill", product);
      assertThat(shell.json().get("status").asText()).isEqualTo("unchanged");
      run(0, "rollout", "activate", product, "--without", each[3], "--because", "Known");
      if (each[4].equals("filled")) {
        run(0, "read", product, "--major", "2", "--json");
        assertThat(shell.json().get("rows").get(0).toString())
            .contains("\"price\":12.5", "\"stamp\":\"AQI=\"");
      }
    }
  }

  @Test
  void rowsOfOneVersionOnlyNeedAReason() throws IOException {
    String rows = write("rows.csv", "parcelId,place\np-1,Bonn\n");
    run(
        0,
        "publish",
        PARCELS,
        rows,
        "--key",
        "day-1",
        "--major",
        "1",
        "--only-major",
        "1",
        "--because",
        "A test");

    run(0, "read", PARCELS, "--major", "2", "--json");
    assertThat(shell.json().get("rows")).isEmpty();
  }

  @Test
  void aMappingToAColumnThatTheOtherVersionLacksNamesItsColumns() throws IOException {
    String rows = write("rows.csv", "parcelId,place\np-1,Bonn\n");
    run(
        ExitCode.WRONG_REQUEST,
        "publish",
        PARCELS,
        rows,
        "--major",
        "1",
        "--also-to",
        "2:town=place");
    assertThat(shell.err()).contains("'town'", "city");
    run(ExitCode.WRONG_REQUEST, "publish", PARCELS, rows, "--also-to", "two");
    assertThat(shell.err()).contains("N:COLUMN=OTHER");
  }

  @Test
  void aColumnThatTheRolloutRenamedIsMappedWithoutNamingItAgain() throws IOException {
    String boxes = "commerce/boxes";
    String first = write("first.json", Contract.of(Parcel.class).toJson());
    String second = folder.resolve("second.json").toString();
    run(0, "product", "define", boxes, "--contract", first);
    run(0, "publish", boxes, write("rows.csv", "parcelId,place\np-1,Bonn\n"));
    String[] start = {"rollout", "start", boxes, "--contract", second, "--because", "C"};
    run(0, with(start, "--rename", "place=city"));

    run(0, "rollout", "back-fill", boxes, "--set", "source=file");
    run(0, "rollout", "compare", boxes, "--json", "--set", "source=file");
    assertThat(shell.json().get("equal").asBoolean()).isTrue();
    run(0, "rollout", "activate", boxes);
    String[] old = {"publish", boxes, write("old.csv", "parcelId,place\np-2,Ulm\n")};
    run(0, with(old, "--also-to", "2:source='web'"));
    String[] now = {"publish", boxes, write("now.csv", "parcelId,city,source\np-3,Jena,app\n")};
    run(0, with(now, "--major", "2", "--also-to", "1"));

    run(0, "read", boxes, "--major", "2", "--json");
    assertThat(shell.json().get("rows").toString())
        .contains("\"Bonn\",\"source\":\"file\"", "\"Ulm\",\"source\":\"web\"");
    run(0, "read", boxes, "--major", "1", "--json");
    assertThat(shell.json().get("rows").toString())
        .contains("{\"parcelId\":\"p-3\",\"place\":\"Jena\"}");
  }

  /** Starts a rollout of a product with rows, and stages more; the history is then mapped. */
  private String stagedBeforeAMappedBackFill() throws IOException {
    String notes = "commerce/notes";
    String contract =
        """
        {"schema":{"type":"record","name":"Note","fields":[
          {"name":"id","type":"string"},{"name":"%s","type":["null","string"]}]}}
        """;
    String first = write("notes-1.json", contract.formatted("note"));
    String second = write("notes-2.json", contract.formatted("label"));
    run(0, "product", "define", notes, "--contract", first);
    run(0, "publish", notes, write("day-1.csv", "id,note\n1,a\n"));
    String staged = write("staged.csv", "id,note\n9,staged\n");
    run(0, "stage", notes, staged, "--key", "staged");
    run(0, "rollout", "start", notes, "--contract", second, "--because", "Labels");
    run(0, "rollout", "back-fill", notes, "--rename", "note=label");
    return notes;
  }

  @Test
  void aColumnIsNullInTheOtherVersionOnlyIfTheOptionSaysSo() throws IOException {
    String notes = stagedBeforeAMappedBackFill();
    String[] publish = {"publish", notes, write("day-2.csv", "id,note\n2,b\n")};
    run(ExitCode.WRONG_REQUEST, publish);
    assertThat(shell.err()).contains("MESH-1021", "Add --also-to 2:COLUMN=OTHER,");
    run(ExitCode.WRONG_REQUEST, with(publish, "--also-to", "2"));
    assertThat(shell.err())
        .contains("[label]", "--also-to 2:label=OTHER.", "[id, note]", "or nothing");
    run(ExitCode.WRONG_REQUEST, with(publish, "--also-to", "2:label=noote"));
    assertThat(shell.err()).contains("'noote'", "[id, note]");

    run(0, with(publish, "--also-to", "2:label=note"));
    run(0, "publish", notes, write("day-3.csv", "id,note\n3,c\n"), "--also-to", "2:label=");

    run(0, "read", notes, "--major", "2", "--json");
    assertThat(shell.json().get("rows").toString())
        .contains("{\"id\":\"1\",\"label\":\"a\"}", "{\"id\":\"2\",\"label\":\"b\"}")
        .contains("{\"id\":\"3\",\"label\":null}");
    run(0, "read", notes, "--major", "1", "--json");
    assertThat(shell.json().get("rows")).hasSize(3);
    String[] back = {"publish", notes, write("new.csv", "id,label\n4,d\n"), "--major", "2"};
    run(ExitCode.WRONG_REQUEST, with(back, "--also-to", "1"));
    assertThat(shell.err()).contains("[note]", "1:note=OTHER", "[id, label]");
  }

  @Test
  void rowsStagedBeforeAMappedBackFillArePromotedToBothVersions() throws IOException {
    String notes = stagedBeforeAMappedBackFill();
    run(0, "staged", notes, "--json");
    String id = shell.json().at("/staged/0/staged").asText();
    String[] promote = {"promote", notes, id};
    run(ExitCode.WRONG_REQUEST, promote);
    assertThat(shell.err())
        .contains("Add --also-to 2:COLUMN=OTHER,", "publish the rows with --only-major 1")
        .contains("mesh discard " + notes + " " + id);
    run(ExitCode.WRONG_REQUEST, with(promote, "--also-to", "2"));
    assertThat(shell.err()).contains("2:label=OTHER");
    run(0, with(promote, "--also-to", "2:label=note", "--plan"));

    run(0, with(promote, "--also-to", "2:label=note"));

    run(0, "read", notes, "--major", "2", "--json");
    assertThat(shell.json().get("rows").toString()).contains("\"label\":\"staged\"");
  }

  /** Makes a product whose old version has a quarantined row, and closes that version. */
  private String closedWithAQuarantinedRow() throws IOException {
    String boxes = "commerce/boxes";
    String first =
        write(
            "lenient.json",
            Contract.of(Parcel.class)
                .require(Rule.inSet("place", "Bonn").id("known-place"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100)
                .toJson());
    run(0, "product", "define", boxes, "--contract", first);
    run(0, "publish", boxes, write("rows.csv", "parcelId,place\np-1,Bonn\np-2,Bnon\n"));
    String second = folder.resolve("second.json").toString();
    String[] start = {"rollout", "start", boxes, "--contract", second, "--because", "C"};
    run(0, with(start, "--plan"));
    assertThat(shell.out()).contains("VIOLATION_POLICY_CHANGED", "the stricter decides");
    run(0, with(start, "--plan", "--on-violation", "quarantine"));
    assertThat(shell.out()).doesNotContain("the stricter decides");
    run(0, start);
    assertThat(shell.err()).contains("--major 2 --on-violation quarantine");
    assertThat(shell.json().get("onViolation").asText()).isEqualTo("reject");
    run(0, "rollout", "back-fill", boxes, "--rename", "place=city", "--set", "source=file");
    run(0, "rollout", "activate", boxes);
    run(0, "rollout", "compare", boxes, "--rename", "place=city", "--set", "source=file");
    run(0, "rollout", "announce", boxes);
    run(0, "rollout", "close", boxes, "--plan");
    assertThat(shell.out()).contains("1 row waits in the quarantine");
    run(0, "rollout", "close", boxes);
    return boxes;
  }

  @Test
  void rowsOfAClosedVersionAreShownAndPublishedAgain() throws IOException {
    String boxes = closedWithAQuarantinedRow();
    run(0, "health", boxes, "--json");
    assertThat(shell.json().toString()).contains("\"QUARANTINING\"");
    run(0, "quarantine", boxes, "--json");
    assertThat(shell.json().get("rows").toString()).contains("p-2");
    run(0, "quarantine", boxes, "--major", "2", "--json");
    assertThat(shell.json().get("rows")).isEmpty();
    String[] republish = {
      "republish", boxes, "--major", "1", "--where", "row_number = 2", "--set", "place=Bonn"
    };
    run(ExitCode.WRONG_REQUEST, republish);
    assertThat(shell.err()).contains("--also-to 2", "--only-major 1");
    run(ExitCode.WRONG_REQUEST, with(republish, "--also-to", "2:city=place"));
    assertThat(shell.err()).contains("[source]", "--also-to 2:city=place,source=OTHER.");

    run(0, with(republish, "--also-to", "2:city=place,source='file'"));

    run(0, "read", boxes, "--json");
    assertThat(shell.json().get("rows").toString())
        .contains("{\"parcelId\":\"p-2\",\"city\":\"Bonn\",\"source\":\"file\"}");
    run(0, "quarantine", boxes);
    assertThat(shell.out()).contains("No row of " + boxes + " is quarantined.");
  }

  @Test
  void wordsOfOtherToolsAreAnsweredWithTheVerb() {
    run(ExitCode.WRONG_REQUEST, "status", PARCELS);
    assertThat(shell.err()).contains("Did you mean 'mesh health'?");
    run(ExitCode.WRONG_REQUEST, "rolback", PARCELS);
    assertThat(shell.err()).contains("Did you mean 'mesh rollback'?");
  }

  private void run(int code, String... command) {
    assertThat(shell.run(command))
        .as("%s: %s", String.join(" ", command), shell.err())
        .isEqualTo(code);
  }

  private static String[] with(String[] command, String... more) {
    String[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return all;
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }
}
