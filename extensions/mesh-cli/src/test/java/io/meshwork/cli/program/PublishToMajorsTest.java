package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.cli.ExitCode;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While two major versions live, options state what a publish means for the other one. */
class PublishToMajorsTest {
  private static final String PARCELS = "commerce/parcels";

  @TempDir private Path folder;

  private TestShell shell;

  record Parcel(String parcelId, String place) {}

  record ParcelWithCity(String parcelId, String city, String source) {}

  @BeforeEach
  void startARollout() throws IOException {
    Path home = folder.resolve("mesh");
    SampleMesh.in(home);
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
  void wordsOfOtherToolsAreAnsweredWithTheVerb() {
    run(ExitCode.WRONG_REQUEST, "status", PARCELS);
    assertThat(shell.err()).contains("Did you mean 'health'?");
    run(ExitCode.WRONG_REQUEST, "rolback", PARCELS);
    assertThat(shell.err()).contains("Did you mean 'rollback'?");
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
