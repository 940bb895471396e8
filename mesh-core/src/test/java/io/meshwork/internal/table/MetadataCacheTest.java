package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.metadata.LazySnapshots;
import io.meshwork.registry.Registry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class MetadataCacheTest {
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  @Test
  void metadataIsFoundByTheLocationAndHashOfItsPointer() {
    MetadataCache cache = new MetadataCache(1 << 20);
    TableMetadata metadata = metadata("a.json").metadata();
    cache.add(key("a"), "one", file(metadata));

    assertThat(cache.find(pointer("a", "a.json", "one")).map(MetadataFile::metadata))
        .containsSame(metadata);
    assertThat(cache.find(pointer("a", "a.json", "two"))).isEmpty();
    assertThat(cache.find(pointer("a", "b.json", "one"))).isEmpty();
    assertThat(cache.find(pointer("b", "a.json", "one"))).isEmpty();
  }

  @Test
  void aTableHasOneEntry() {
    MetadataCache cache = new MetadataCache(50_000);
    cache.add(key("a"), "hash", metadata("a.json"));
    for (int i = 0; i < 10; i++) {
      cache.add(key("b"), "hash", metadata(i + ".json"));
    }

    assertThat(cache.find(pointer("a", "a.json", "hash"))).isPresent();
    assertThat(cache.find(pointer("b", "8.json", "hash"))).isEmpty();
    assertThat(cache.find(pointer("b", "9.json", "hash"))).isPresent();
  }

  @Test
  void theTableThatWasUsedLeastRecentlyLeavesFirst() {
    MetadataCache cache = new MetadataCache(50_000);
    cache.add(key("a"), "hash", metadata("a.json"));
    cache.add(key("b"), "hash", metadata("b.json"));
    cache.find(pointer("a", "a.json", "hash"));
    cache.add(key("c"), "hash", metadata("c.json"));

    assertThat(cache.find(pointer("a", "a.json", "hash"))).isPresent();
    assertThat(cache.find(pointer("b", "b.json", "hash"))).isEmpty();
    assertThat(cache.find(pointer("c", "c.json", "hash"))).isPresent();
  }

  @Test
  void metadataLargerThanTheCacheIsNotKept() {
    MetadataCache cache = new MetadataCache(1_000);
    cache.add(key("a"), "hash", metadata("a.json"));

    assertThat(cache.find(pointer("a", "a.json", "hash"))).isEmpty();
  }

  private static MetadataFile metadata(String file) {
    TableMetadata created =
        TableMetadata.newTableMetadata(
            SCHEMA, PartitionSpec.unpartitioned(), "/mesh/data/t", Map.of());
    return file(TableMetadataParser.fromJson(file, TableMetadataParser.toJson(created)));
  }

  private static MetadataFile file(TableMetadata metadata) {
    return new MetadataFile(
        metadata, metadata, LazySnapshots.of(metadata.snapshots()), List.of(), 0, Optional.empty());
  }

  private static Registry.Key key(String table) {
    return new Registry.Key("shop/" + table, "table/" + table + "_v1");
  }

  private static VersionedDocument pointer(String table, String location, String hash) {
    ObjectNode json =
        DocumentJson.create().put("metadataLocation", location).put("metadataHash", hash);
    return new VersionedDocument(key(table), json, "1");
  }
}
