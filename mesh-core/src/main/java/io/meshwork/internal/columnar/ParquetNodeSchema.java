package io.meshwork.internal.columnar;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.jspecify.annotations.Nullable;

/**
 * The tree that a footer's flat list of schema elements stands for.
 *
 * @param element the element as in the file
 * @param definition the definition level from which it is there
 * @param repetition how many repeated elements lie on the way to it, itself included
 * @param leaf the column; null for a group
 * @param children the parts of a group; empty for a column
 */
record ParquetNodeSchema(
    SchemaElement element,
    int definition,
    int repetition,
    @Nullable ParquetLeafSchema leaf,
    List<ParquetNodeSchema> children) {
  private static final int DEEPEST = 100;

  String name() {
    return element.getName();
  }

  boolean repeated() {
    return element.getRepetition_type() == FieldRepetitionType.REPEATED;
  }

  boolean required() {
    return element.getRepetition_type() == FieldRepetitionType.REQUIRED;
  }

  /** The column inside with the fewest repetitions; null for a group without any. */
  @Nullable ParquetLeafSchema plainestLeaf() {
    ParquetLeafSchema plainest = leaf;
    for (ParquetNodeSchema child : children) {
      ParquetLeafSchema inside = child.plainestLeaf();
      if (inside != null
          && (plainest == null || inside.mostRepetition() < plainest.mostRepetition())) {
        plainest = inside;
      }
    }
    return plainest;
  }

  /** The root of the tree; {@link DecoderException} if the list is not one tree. */
  static ParquetNodeSchema root(List<SchemaElement> elements) {
    Walk walk = new Walk(elements);
    ParquetNodeSchema root = walk.group(walk.take(), "", 0, List.of(), 0);
    if (walk.next != elements.size()) {
      throw new DecoderException("the schema has elements outside its tree");
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
        SchemaElement element, String path, int definition, List<Integer> filled, int depth) {
      if (depth > DEEPEST) {
        throw new DecoderException("the schema is nested more than " + DEEPEST + " levels deep");
      }
      int count = element.getNum_children();
      if (count < 0 || count > elements.size() - next) {
        throw new DecoderException("a group of the schema has " + count + " parts");
      }
      List<ParquetNodeSchema> children = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        children.add(node(take(), path, definition, filled, depth + 1));
      }
      return new ParquetNodeSchema(element, definition, filled.size(), null, List.copyOf(children));
    }

    private ParquetNodeSchema node(
        SchemaElement element, String parent, int definition, List<Integer> filled, int depth) {
      if (!element.isSetRepetition_type()) {
        throw new DecoderException("a part of the schema is not said to be required or not");
      }
      String path = parent.isEmpty() ? element.getName() : parent + "." + element.getName();
      FieldRepetitionType kind = element.getRepetition_type();
      int mostDefinition = definition + (kind == FieldRepetitionType.REQUIRED ? 0 : 1);
      List<Integer> mostFilled = filled;
      if (kind == FieldRepetitionType.REPEATED) {
        mostFilled = new ArrayList<>(filled);
        mostFilled.add(mostDefinition);
      }
      if (!element.isSetType()) {
        return group(element, path, mostDefinition, mostFilled, depth);
      }
      ParquetLeafSchema leaf =
          new ParquetLeafSchema(
              path,
              leaves++,
              mostDefinition,
              List.copyOf(mostFilled),
              ParquetTypeSchema.of(element));
      return new ParquetNodeSchema(element, mostDefinition, leaf.mostRepetition(), leaf, List.of());
    }
  }
}
