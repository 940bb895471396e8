package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.internal.ledger.ScriptedRegistry;
import io.meshwork.internal.ledger.TestMesh;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.IdGenerator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who wrote the files of a product's tables. */
class WriterRecordsTest {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  @TempDir private Path folder;
  private TableFixture fixture;
  private TestMesh mesh;
  private String partition;

  @BeforeEach
  void createTables() {
    fixture = new TableFixture(folder.resolve("mesh"));
    mesh = fixture.mesh;
    partition = fixture.rows.partition();
  }

  private WriterRecords records() {
    return WriterRecords.of(mesh.ledger, partition);
  }

  private List<VersionedDocument> documents() {
    return mesh.ledger.list(partition, UnloggedDocuments.WRITERS);
  }

  private String location(String name) {
    return fixture.tables.location(fixture.rows) + "/data/" + name;
  }

  private String nextId() {
    return mesh.runtime.ids().next();
  }

  private List<String> idsOfAttempts() throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("snap-"))
          .flatMap(name -> ID.matcher(name).results().map(MatchResult::group))
          .filter(id -> IdGenerator.time(id).isPresent())
          .toList();
    }
  }

  @Test
  void aProcessIsRecordedBeforeItsFirstFileOfAProduct() throws Exception {
    assertThat(records().include(nextId())).isFalse();

    fixture.createBoth();
    fixture.publish("first", 1, 1);

    assertThat(documents()).hasSize(1);
    assertThat(idsOfAttempts()).isNotEmpty().allMatch(records()::include);
    assertThat(records().include(nextId())).isTrue();
  }

  @Test
  void aRecordIsExtendedOnceAnHourWhileTheProcessWrites() throws Exception {
    fixture.createBoth();
    String version = documents().get(0).version();
    mesh.pass(Duration.ofMinutes(50));
    fixture.publish("early", 1, 1);
    assertThat(documents()).extracting(VersionedDocument::version).containsExactly(version);

    mesh.pass(Duration.ofMinutes(50));
    String between = nextId();
    assertThat(records().include(between)).isFalse();
    fixture.publish("late", 1, 1);

    assertThat(documents()).hasSize(1);
    assertThat(documents()).extracting(VersionedDocument::version).doesNotContain(version);
    assertThat(records().include(between)).isTrue();
    assertThat(idsOfAttempts()).allMatch(records()::include);
  }

  @Test
  void idsOfOtherProcessesAndTimesAreNotCovered() {
    String before = IdGenerator.seeded(() -> mesh.now().minusMillis(1), 7).next();
    fixture.createBoth();

    assertThat(records().include(IdGenerator.seeded(mesh::now, 8).next())).isFalse();
    assertThat(records().include(before)).isFalse();
    assertThat(records().include("")).isFalse();
    assertThat(records().include("00000000-0000-4000-8000-000000000000")).isFalse();
    mesh.pass(Duration.ofHours(2));
    assertThat(records().include(nextId())).isFalse();
    assertThat(WriterRecords.of(mesh.ledger, "mobility/other").include(nextId())).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"BROKEN", "HELD"})
  void aFileIsNotWrittenIfItsWriterCannotBeRecorded(ScriptedRegistry.Fault fault) {
    fixture.createBoth();
    mesh.pass(Duration.ofHours(2));
    String location = location(nextId() + "-0.parquet");
    mesh.registry.next(fault, fault); // after a lost answer, it is tried again
    mesh.registry.cannotResolve();

    assertThatThrownBy(() -> fixture.tables.files().newOutputFile(location))
        .isInstanceOf(BackendException.class);

    assertThat(records().include(nextId())).isFalse();
    mesh.registry.next();
    assertThat(fixture.tables.files().newOutputFile(location)).isNotNull();
    assertThat(records().include(nextId())).isTrue();
  }

  @Test
  void aRecordWhoseAnswerWasLostIsFound() {
    mesh.registry.next(ScriptedRegistry.Fault.REPLY_LOST);
    mesh.registry.cannotResolve();

    assertThat(fixture.tables.files().newOutputFile(location(nextId() + "-0.parquet"))).isNotNull();

    assertThat(records().include(nextId())).isTrue();
  }

  @Test
  void filesBesideTablesNeedNoRecord() {
    String root = folder.resolve("mesh").toString();
    for (String file :
        List.of(
            root + "/data/mobility/green_trips_v1/_metadata/last_updated.json",
            root + "/archive/mobility/green_trips/1.jsonl",
            root + "/data/README")) {
      fixture.tables.files().newOutputFile(file);
    }

    assertThat(documents()).isEmpty();
  }

  @Test
  void aRecordIsRemovableAMonthAfterItsLastFileIsGone() {
    fixture.createBoth();
    String id = nextId();
    mesh.pass(Duration.ofDays(30));
    assertThat(records().removable(Set.of(), mesh.now())).isEmpty();

    mesh.pass(Duration.ofHours(2));

    assertThat(records().removable(Set.of(id), mesh.now())).isEmpty();
    assertThat(records().removable(Set.of(IdGenerator.seeded(mesh::now, 8).next()), mesh.now()))
        .hasSize(1);
  }

  @Test
  void aDamagedRecordCoversNothingAndIsNotRemoved() {
    fixture.createBoth();
    mesh.registry.tamper(documents().get(0).key(), "{\"format\":1,\"tag\":\"00000000\"}");

    assertThat(records().include(nextId())).isFalse();
    assertThat(records().removable(Set.of(), mesh.now().plus(Duration.ofDays(99)))).isEmpty();
  }
}
