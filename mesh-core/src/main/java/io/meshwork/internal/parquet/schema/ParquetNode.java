package io.meshwork.internal.parquet.schema;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.jspecify.annotations.Nullable;

/**
 * A node of the schema tree, which a footer stores as a flat list.
 *
 * @param element the element in the file
 * @param definitionLevel the definition level from which it is present
 * @param repetitionLevel number of repeated elements on its path, itself included
 * @param leaf the leaf column; null for a group
 * @param leastRepeatedLeaf the leaf, or the group's leaf with the lowest maximum repetition level;
 *     null for a group without leaves
 * @param children the fields of a group; empty for a leaf
 */
record ParquetNode(
    SchemaElement element,
    int definitionLevel,
    int repetitionLevel,
    @Nullable ParquetColumn leaf,
    @Nullable ParquetColumn leastRepeatedLeaf,
    List<ParquetNode> children) {
  private static final int MAX_DEPTH = 100;

  String name() {
    return element.getName();
  }

  boolean repeated() {
    return element.getRepetition_type() == FieldRepetitionType.REPEATED;
  }

  boolean required() {
    return element.getRepetition_type() == FieldRepetitionType.REQUIRED;
  }

  /**
   * Returns the root of the tree; throws {@link UnreadableFileException} if the list is not one
   * tree.
   *
   * @param stored whether leaves have their types as stored, without annotations
   */
  static ParquetNode root(List<SchemaElement> elements, boolean stored) {
    Walk walk = new Walk(elements, stored);
    ParquetNode root = walk.group(walk.take(), List.of(), 0, List.of(), 0);
    if (walk.next != elements.size()) {
      throw new UnreadableFileException("the schema has elements outside of its tree");
    }
    return root;
  }

  private static final class Walk {
    private final List<SchemaElement> elements;
    private final boolean stored;
    private int next;
    private int leaves;

    Walk(List<SchemaElement> elements, boolean stored) {
      this.elements = elements;
      this.stored = stored;
    }

    SchemaElement take() {
      if (next >= elements.size()) {
        throw new UnreadableFileException("the schema ends within its tree");
      }
      return elements.get(next++);
    }

    ParquetNode group(
        SchemaElement element,
        List<String> path,
        int definitionLevel,
        List<Integer> repeatedDefinitionLevels,
        int depth) {
      if (depth > MAX_DEPTH) {
        throw UnreadableFileException.limit(
            "the schema is nested more than " + MAX_DEPTH + " levels deep");
      }
      int count = element.getNum_children();
      if (count < 0 || count > elements.size() - next) {
        throw new UnreadableFileException("a group of the schema has " + count + " fields");
      }
      List<ParquetNode> children = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        children.add(node(take(), path, definitionLevel, repeatedDefinitionLevels, depth + 1));
      }
      return new ParquetNode(
          element,
          definitionLevel,
          repeatedDefinitionLevels.size(),
          null,
          leastRepeated(children),
          List.copyOf(children));
    }

    private static @Nullable ParquetColumn leastRepeated(List<ParquetNode> children) {
      ParquetColumn least = null;
      for (ParquetNode child : children) {
        ParquetColumn inside = child.leastRepeatedLeaf;
        if (inside != null
            && (least == null || inside.maxRepetitionLevel() < least.maxRepetitionLevel())) {
          least = inside;
        }
      }
      return least;
    }

    private ParquetNode node(
        SchemaElement element,
        List<String> parent,
        int parentLevel,
        List<Integer> parentLevels,
        int depth) {
      if (!element.isSetRepetition_type()) {
        throw new UnreadableFileException("an element of the schema has no repetition type");
      }
      List<String> path = new ArrayList<>(parent);
      path.add(element.getName());
      FieldRepetitionType kind = element.getRepetition_type();
      int definitionLevel = parentLevel + (kind == FieldRepetitionType.REQUIRED ? 0 : 1);
      List<Integer> repeatedDefinitionLevels = parentLevels;
      if (kind == FieldRepetitionType.REPEATED) {
        repeatedDefinitionLevels = new ArrayList<>(parentLevels);
        repeatedDefinitionLevels.add(definitionLevel);
      }
      if (!element.isSetType()) {
        return group(element, path, definitionLevel, repeatedDefinitionLevels, depth);
      }
      ParquetColumn leaf =
          new ParquetColumn(
              path,
              leaves++,
              definitionLevel,
              repeatedDefinitionLevels,
              stored ? ColumnTypeReader.stored(element) : ColumnTypeReader.of(element));
      return new ParquetNode(
          element, definitionLevel, leaf.maxRepetitionLevel(), leaf, leaf, List.of());
    }
  }
}
