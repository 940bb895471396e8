package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.GenericManifestFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.StructType;
import org.junit.jupiter.api.Test;

class ManifestCacheTest {
  private static final StructType UNPARTITIONED = StructType.of();

  @Test
  void filesAreThoseOfTheSameManifest() {
    ManifestCache cache = new ManifestCache(1 << 20);
    add(cache, manifest("a", 100, 1), file("x", 2), file("y", 2));

    assertThat(cache.find(manifest("a", 100, 1), UNPARTITIONED).orElseThrow())
        .extracting(DataFile::location)
        .containsExactly("x", "y");
    assertThat(cache.find(manifest("a", 101, 1), UNPARTITIONED)).isEmpty();
    assertThat(cache.find(manifest("a", 100, 2), UNPARTITIONED)).isEmpty();
    assertThat(cache.find(manifest("b", 100, 1), UNPARTITIONED)).isEmpty();
    assertThat(
            cache.find(
                manifest("a", 100, 1),
                StructType.of(Types.NestedField.optional(1, "day", Types.LongType.get()))))
        .as("with a partition of another type")
        .isEmpty();
  }

  @Test
  void aManifestWithoutLiveFilesIsKept() {
    ManifestCache cache = new ManifestCache(1 << 20);
    add(cache, manifest("a", 100, 1));

    assertThat(cache.find(manifest("a", 100, 1), UNPARTITIONED)).contains(List.of());
  }

  @Test
  void aManifestThatWasNotReadToItsEndIsNotKept() {
    ManifestCache cache = new ManifestCache(1 << 20);
    assertThat(cache.collect(manifest("a", 100, 1), UNPARTITIONED).add(file("x", 2))).isPresent();

    assertThat(cache.find(manifest("a", 100, 1), UNPARTITIONED)).isEmpty();
  }

  @Test
  void theManifestThatWasUsedLeastRecentlyLeavesFirst() {
    ManifestCache cache = new ManifestCache(5_000);
    add(cache, manifest("a", 1, 1), file("x", 2));
    add(cache, manifest("b", 1, 1), file("x", 2));
    cache.find(manifest("a", 1, 1), UNPARTITIONED);
    add(cache, manifest("c", 1, 1), file("x", 2));
    add(cache, manifest("d", 1, 1), file("x", 2));

    assertThat(cache.find(manifest("a", 1, 1), UNPARTITIONED)).isPresent();
    assertThat(cache.find(manifest("b", 1, 1), UNPARTITIONED)).isEmpty();
    assertThat(cache.find(manifest("d", 1, 1), UNPARTITIONED)).isPresent();
  }

  @Test
  void aManifestOfMoreBytesThanTheCacheIsNotKept() {
    ManifestCache cache = new ManifestCache(20_000);
    ManifestCache.LiveFiles files = cache.collect(manifest("a", 1, 1), UNPARTITIONED);
    int kept = 0;
    for (int i = 0; i < 100; i++) {
      kept += files.add(file("x" + i, 4)).isPresent() ? 1 : 0;
    }
    files.keep();

    assertThat(kept).isBetween(5, 20);
    assertThat(cache.find(manifest("a", 1, 1), UNPARTITIONED)).isEmpty();
    assertThat(ManifestCache.NONE.collect(manifest("a", 1, 1), UNPARTITIONED).add(file("x", 2)))
        .isEmpty();
  }

  private static void add(ManifestCache cache, ManifestFile manifest, DataFile... files) {
    ManifestCache.LiveFiles live = cache.collect(manifest, UNPARTITIONED);
    for (DataFile file : files) {
      assertThat(live.add(file)).isPresent();
    }
    live.keep();
  }

  private static ManifestFile manifest(String path, long length, long sequence) {
    GenericManifestFile manifest =
        new GenericManifestFile(AvroSchemaUtil.convert(ManifestFile.schema(), "manifest_file"));
    List<Types.NestedField> fields = ManifestFile.schema().columns();
    manifest.set(fields.indexOf(ManifestFile.PATH), path);
    manifest.set(fields.indexOf(ManifestFile.LENGTH), length);
    manifest.set(fields.indexOf(ManifestFile.SPEC_ID), 0);
    manifest.set(fields.indexOf(ManifestFile.SEQUENCE_NUMBER), sequence);
    manifest.set(fields.indexOf(ManifestFile.SNAPSHOT_ID), 7L);
    return manifest;
  }

  private static DataFile file(String location, int columns) {
    Map<Integer, Long> counts = new HashMap<>();
    Map<Integer, ByteBuffer> bounds = new HashMap<>();
    IntStream.rangeClosed(1, columns)
        .forEach(
            id -> {
              counts.put(id, 1L);
              bounds.put(id, ByteBuffer.wrap(new byte[8]));
            });
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(location)
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(1)
        .withMetrics(new Metrics(1L, counts, counts, counts, null, bounds, bounds))
        .build();
  }
}
