package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.metadata.GzipMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.TableMetadata;

/** The current metadata file of the rows of a fixture, and how tests change it. */
final class FixtureMetadata {
  private final TableFixture fixture;

  FixtureMetadata(TableFixture fixture) {
    this.fixture = fixture;
  }

  /** What a process knows of it. */
  TableMetadata current() {
    return ((HasTableOperations) fixture.tables.load(fixture.rows)).operations().current();
  }

  Path file() {
    return Path.of(current().metadataFileLocation());
  }

  /** Its text, also if it is compressed. */
  String text() throws IOException {
    byte[] text =
        GzipMetadata.text(file().toString(), Files.readAllBytes(file()), Integer.MAX_VALUE - 8);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Replaces its text, compressed if it was, and the hash in the pointer. */
  void replace(String text) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    GzipMetadata.content(file().toString(), text.getBytes(StandardCharsets.UTF_8))
        .forEach(content::writeBytes);
    Files.write(file(), content.toByteArray());
    fixture.commit(
        attempt -> {
          CommitDraft<Long> draft = fixture.draft("product.changed");
          VersionedDocument pointer = fixture.mesh.ledger.read(fixture.rows.key()).orElseThrow();
          ObjectNode json = pointer.json().deepCopy();
          json.put("metadataHash", TablePointer.hash(List.of(content.toByteArray())));
          draft.replace(pointer, json);
          return draft.result(1L);
        });
  }

  /** Commits an update. */
  void change(Consumer<TableDraft> update) {
    fixture.commit(
        attempt -> {
          CommitDraft<Long> draft = fixture.draft("product.changed");
          TableDraft table = fixture.tables.draft(fixture.rows, attempt);
          update.accept(table);
          table.stage(draft);
          return draft.result(1L);
        });
  }
}
