package io.meshwork.internal.columnar;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.jspecify.annotations.Nullable;

/**
 * A node of the schema tree, which a footer stores as a flat list.
 *
 * @param element the element in the file
 * @param definition the definition level from which it is present
 * @param repetition number of repeated elements on its path, itself included
 * @param leaf the leaf column; null for a group
 * @param children the fields of a group; empty for a leaf
 */
record ParquetNodeSchema(
    SchemaElement element,
    int definition,
    int repetition,
    @Nullable ParquetLeafSchema leaf,
    List<ParquetNodeSchema> children) {
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

  /** Returns the leaf with the lowest repetition level; null for a group without leaves. */
  @Nullable ParquetLeafSchema leastRepeatedLeaf() {
    ParquetLeafSchema leastRepeated = leaf;
    for (ParquetNodeSchema child : children) {
      ParquetLeafSchema inside = child.leastRepeatedLeaf();
      if (inside != null
          && (leastRepeated == null
              || inside.maxRepetitionLevel() < leastRepeated.maxRepetitionLevel())) {
        leastRepeated = inside;
      }
    }
    return leastRepeated;
  }

  /** Returns the root of the tree; throws {@link DecoderException} if the list is not one tree. */
  static ParquetNodeSchema root(List<SchemaElement> elements) {
    Walk walk = new Walk(elements);
    ParquetNodeSchema root = walk.group(walk.take(), "", 0, List.of(), 0);
    if (walk.next != elements.size()) {
      throw new DecoderException("the schema has elements outside of its tree");
    }
    return root;
  }

  private static final class Walk {
    private final List<SchemaElement> elements;
    private int next;
    private int leaves;

    Walk(List<SchemaElement> elements) {
      this.elements = elements;
    }

    SchemaElement take() {
      if (next >= elements.size()) {
        throw new DecoderException("the schema ends within its tree");
      }
      return elements.get(next++);
    }

    ParquetNodeSchema group(
        SchemaElement element,
        String path,
        int definition,
        List<Integer> repeatedDefinitionLevels,
        int depth) {
      if (depth > MAX_DEPTH) {
        throw new DecoderException("the schema is nested more than " + MAX_DEPTH + " levels deep");
      }
      int count = element.getNum_children();
      if (count < 0 || count > elements.size() - next) {
        throw new DecoderException("a group of the schema has " + count + " fields");
      }
      List<ParquetNodeSchema> children = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        children.add(node(take(), path, definition, repeatedDefinitionLevels, depth + 1));
      }
      return new ParquetNodeSchema(
          element, definition, repeatedDefinitionLevels.size(), null, List.copyOf(children));
    }

    private ParquetNodeSchema node(
        SchemaElement element,
        String parent,
        int definition,
        List<Integer> parentLevels,
        int depth) {
      if (!element.isSetRepetition_type()) {
        throw new DecoderException("an element of the schema has no repetition type");
      }
      String path = parent.isEmpty() ? element.getName() : parent + "." + element.getName();
      FieldRepetitionType kind = element.getRepetition_type();
      int maxDefinitionLevel = definition + (kind == FieldRepetitionType.REQUIRED ? 0 : 1);
      List<Integer> repeatedDefinitionLevels = parentLevels;
      if (kind == FieldRepetitionType.REPEATED) {
        repeatedDefinitionLevels = new ArrayList<>(parentLevels);
        repeatedDefinitionLevels.add(maxDefinitionLevel);
      }
      if (!element.isSetType()) {
        return group(element, path, maxDefinitionLevel, repeatedDefinitionLevels, depth);
      }
      ParquetLeafSchema leaf =
          new ParquetLeafSchema(
              path,
              leaves++,
              maxDefinitionLevel,
              List.copyOf(repeatedDefinitionLevels),
              ParquetTypeSchema.of(element));
      return new ParquetNodeSchema(
          element, maxDefinitionLevel, leaf.maxRepetitionLevel(), leaf, List.of());
    }
  }
}
