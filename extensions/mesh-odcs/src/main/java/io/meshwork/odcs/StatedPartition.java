package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.contract.Partition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A partition as properties state it. ODCS has one position for a property; if a column has several
 * partitions, their transforms are stated by position.
 *
 * @param position from 1 among the partitions of the table
 * @param column the name of the property
 * @param transform as it is written
 */
record StatedPartition(int position, String column, String transform) {
  /** The custom property with the transform of a partition. */
  static final String TRANSFORM = "partitionTransform";

  private static final Pattern FORM =
      Pattern.compile("([a-zA-Z]+)\\s*(?:[\\[(]\\s*([0-9]{1,9})\\s*[\\])])?");
  private static final String IDENTITY = "identity";
  private static final String POSITION = "partitionKeyPosition";

  /** Returns the partitions of properties, in their order; those without a position are last. */
  static List<StatedPartition> of(List<JsonNode> partitioned) {
    List<StatedPartition> keys = new ArrayList<>();
    for (JsonNode each : partitioned) {
      String column = each.path("name").asText();
      JsonNode transform = OdcsKeys.customProperty(each, TRANSFORM);
      if (transform.isObject() && !transform.isEmpty()) {
        transform
            .properties()
            .forEach(
                entry ->
                    keys.add(
                        new StatedPartition(
                            position(entry.getKey()), column, entry.getValue().asText())));
      } else {
        keys.add(
            new StatedPartition(
                position(each.path(POSITION).asText()), column, transform.asText(IDENTITY)));
      }
    }
    keys.sort(Comparator.comparingInt(StatedPartition::position));
    return keys;
  }

  private static int position(String text) {
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
  }

  /** Adds the partitions by a column to its property. */
  static void put(ObjectNode property, String column, List<Partition> partitions) {
    TreeMap<Integer, String> transforms = new TreeMap<>();
    for (int i = 0; i < partitions.size(); i++) {
      Partition partition = partitions.get(i);
      if (partition.column().equals(column)) {
        String size = partition.size() == 0 ? "" : "[" + partition.size() + "]";
        transforms.put(i + 1, partition.transform().text() + size);
      }
    }
    if (transforms.isEmpty()) {
      return;
    }
    property.put("partitioned", true).put(POSITION, transforms.firstKey());
    if (transforms.size() > 1) {
      ObjectNode byPosition = OdcsKeys.object();
      transforms.forEach((position, transform) -> byPosition.put("" + position, transform));
      OdcsKeys.addCustomProperty(property, TRANSFORM, byPosition);
    } else if (!transforms.containsValue(IDENTITY)) {
      OdcsKeys.addCustomProperty(
          property, TRANSFORM, TextNode.valueOf(transforms.firstEntry().getValue()));
    }
  }

  /**
   * Returns the partition.
   *
   * @throws IllegalArgumentException if no transform is written so
   */
  Partition partition() {
    Matcher form = FORM.matcher(transform.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(transform);
    }
    int size = form.group(2) == null ? 0 : Integer.parseInt(form.group(2));
    return new Partition(
        column, Partition.Transform.valueOf(form.group(1).toUpperCase(Locale.ROOT)), size);
  }
}
