package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TablePointerTest {
  private static final Key KEY = new Key("commerce/orders", "table/orders_v1");

  private static TableMetadata metadata(String location) {
    TableMetadata empty =
        TableMetadata.newTableMetadata(
            new Schema(Types.NestedField.required(1, "id", Types.LongType.get())),
            PartitionSpec.unpartitioned(),
            SortOrder.unsorted(),
            "s3://elsewhere/orders",
            Map.of());
    return TableMetadataParser.fromJson(location, TableMetadataParser.toJson(empty));
  }

  @Test
  void theNextPointerNamesTheFileBeforeAndKeepsOtherFields() {
    TableMetadata first = metadata("s3://elsewhere/orders/0.json");
    ObjectNode json =
        TablePointer.next(null, first, "aa", 0, Optional.of("s3://elsewhere/orders"), false);
    assertThat(json)
        .hasToString(
            "{\"format\":1,\"metadataLocation\":\"s3://elsewhere/orders/0.json\","
                + "\"metadataVersion\":0,\"metadataHash\":\"aa\",\"tableId\":\""
                + first.uuid()
                + "\",\"sequence\":0,\"location\":\"s3://elsewhere/orders\"}");

    VersionedDocument stored = new VersionedDocument(KEY, json.put("color", "blue"), "1");
    assertThat(TablePointer.of(stored).differences(first, "aa")).isEmpty();
    assertThat(TablePointer.nextVersion(stored)).isEqualTo(1);
    TableMetadata second = metadata("s3://elsewhere/orders/1.json");
    assertThat(TablePointer.next(stored, second, "bb", 1, Optional.empty(), false))
        .hasToString(
            "{\"format\":1,\"metadataLocation\":\"s3://elsewhere/orders/1.json\","
                + "\"metadataVersion\":1,\"metadataHash\":\"bb\",\"tableId\":\""
                + second.uuid()
                + "\",\"sequence\":0,\"location\":\"s3://elsewhere/orders\",\"color\":\"blue\","
                + "\"previousMetadataLocation\":\"s3://elsewhere/orders/0.json\"}");
  }

  private static VersionedDocument next(
      @Nullable VersionedDocument pointer, int version, boolean forgets) {
    TableMetadata metadata = metadata("s3://elsewhere/orders/metadata/" + version + ".json");
    return new VersionedDocument(
        KEY,
        TablePointer.next(pointer, metadata, "", version, Optional.empty(), forgets),
        String.valueOf(version));
  }

  @Test
  void metadataFilesBeforeAnErasureAreNotKept() {
    VersionedDocument published = next(next(null, 0, false), 1, false);
    String before = "s3://elsewhere/orders/metadata/00001-a.metadata.json";
    assertThat(TablePointer.of(published).keeps(before)).isTrue();

    TablePointer later = TablePointer.of(next(next(published, 2, true), 3, false));

    assertThat(later.keeps(before)).isFalse();
    assertThat(later.keeps("s3://elsewhere/orders/metadata/00002-a.metadata.json")).isTrue();
    assertThat(later.keeps("s3://elsewhere/orders/metadata/100000-a.gz.metadata.json")).isTrue();
  }
}
