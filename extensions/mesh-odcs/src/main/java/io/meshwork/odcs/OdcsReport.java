package io.meshwork.odcs;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What an import did with each element of a document: a key of the document, of an object, or of a
 * property, or an item of a list of maps. The type of a property is one element. Immutable.
 *
 * @param elements in the order of the document, each once
 */
public record OdcsReport(List<Element> elements) {
  /** What became of an element. */
  public enum Outcome {
    /** It is a part of the contract, or of its product. */
    MAPPED,
    /** It is stored for an export and means nothing to Meshwork. */
    PRESERVED,
    /** It is a check that another engine runs; it is stored for an export. */
    NOT_EXECUTED,
    /** It cannot be part of a contract; it is stored for an export. */
    REFUSED
  }

  /**
   * One element of a document.
   *
   * @param path such as {@code schema[0].properties[2].logicalType}
   * @param line the line on which it starts, from 1
   * @param outcome what became of it
   * @param note why, or what was assumed; empty if it was mapped as written
   */
  public record Element(String path, int line, Outcome outcome, String note) {
    @Override
    public String toString() {
      return outcome + " " + path + " (line " + line + ")" + (note.isEmpty() ? "" : ": " + note);
    }
  }

  public OdcsReport {
    elements = List.copyOf(elements);
  }

  /**
   * Returns the elements with an outcome.
   *
   * @param outcome not null
   */
  public List<Element> elements(Outcome outcome) {
    return elements.stream().filter(element -> element.outcome() == outcome).toList();
  }

  /** Returns one line for each element. */
  @Override
  public String toString() {
    return elements.stream().map(Element::toString).collect(Collectors.joining("\n"));
  }
}
