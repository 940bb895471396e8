package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** No file system confuses the folders of two values, or refuses one. */
class DataLocationsTest {
  private static final PartitionSpec CITIES =
      PartitionSpec.builderFor(
              new Schema(Types.NestedField.optional(1, "city", Types.StringType.get())))
          .identity("city")
          .build();

  private static String folder(@Nullable String city) {
    return folder(DataLocations.of("mesh:/t", TableSettings.of("mesh:/t", Map.of())), city);
  }

  private static String folder(LocationProvider locations, @Nullable String city) {
    PartitionData partition = new PartitionData(CITIES.partitionType());
    partition.set(0, city);
    String location = locations.newDataLocation(CITIES, partition, "f.parquet");
    assertThat(location).startsWith("mesh:/t/data/city=").endsWith("/f.parquet");
    return location.substring("mesh:/t/data/".length(), location.lastIndexOf('/'));
  }

  @Test
  void usualNamesAreReadable() {
    assertThat(
            List.of(folder("Bern"), folder("New York"), folder("Z\u00fcrich"), folder("2026-01")))
        .containsExactly("city=Bern", "city=New+York", "city=Z%C3%BCrich", "city=2026-01");
    assertThat(folder(null)).isEqualTo("city=null");
  }

  @Test
  void whatFileSystemsIgnoreOrRefuseIsEncoded() {
    assertThat(
            List.of(
                folder("bern"),
                folder("DE"),
                folder("U.S."),
                folder("a*b"),
                folder("null"),
                folder("Null"),
                folder("..."),
                folder("con")))
        .containsExactly(
            "city=%62ern",
            "city=D%45",
            "city=U.S%2E",
            "city=%61%2A%62",
            "city=%6Eull",
            "city=%4Eull",
            "city=..%2E",
            "city=%63on");
  }

  @Test
  void differentValuesHaveDifferentFoldersOnEachFileSystem() {
    long seed = Long.getLong("mesh.folders.seed", System.nanoTime());
    Random random = new Random(seed);
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(i % 100 == 0 ? 80 : 5); length >= 0; length--) {
        text.append("aAbB.*% ~=/\\:%61\u00e4\u00c4?".charAt(random.nextInt(18)));
      }
      String value = text.toString();
      String name = folder(value);

      assertThat(name).as("seed %d", seed).matches("city=[A-Za-z0-9%+._~-]*").doesNotMatch(".*\\.");
      assertThat(name.length()).as("seed %d", seed).isLessThanOrEqualTo(255);
      if (!name.contains("~")) {
        assertThat(URLDecoder.decode(name.substring(5), StandardCharsets.UTF_8)).isEqualTo(value);
      }
      assertThat(values.merge(name.toLowerCase(Locale.ROOT), value, (known, same) -> known))
          .as("the value of %s, seed %d", name, seed)
          .isEqualTo(value);
    }
  }

  /** A table without the property of the mesh has folders with the names that Iceberg gives. */
  @Test
  void aTableWithNamesOfIcebergGetsNoFolderThatDiffersFromAnotherValuesOnlyInCase() {
    LocationProvider iceberg = LocationProviders.locationsFor("mesh:/t", Map.of());
    LocationProvider earlier = DataLocations.of("mesh:/t", Map.of());
    List<String> values = List.of("de", "De", "DE", "dE", "null", "Null", "1a", "1A", "-");
    for (String old : values) {
      assertThat(folder(earlier, null)).isNotEqualToIgnoringCase(folder(iceberg, old));
      for (String value : values) {
        if (!old.equals(value)) {
          assertThat(folder(earlier, value))
              .as("%s beside %s", value, old)
              .isNotEqualToIgnoringCase(folder(iceberg, old));
        }
      }
    }
    assertThat(List.of(folder(earlier, "De"), folder(earlier, "2026-01")))
        .containsExactly("city=%44e", "city=2026-01");
    assertThat(folder(earlier, null)).isEqualTo("city=~null");
  }

  @Test
  void aNameThatBecomesTooLongEndsInADigest() {
    String value = "A".repeat(250);
    TreeSet<String> folders =
        new TreeSet<>(List.of(folder(value), folder(value.toLowerCase(Locale.ROOT))));

    assertThat(folder(value)).matches("city=~[0-9a-f]{32}");
    assertThat(folders).hasSize(2);
  }
}
