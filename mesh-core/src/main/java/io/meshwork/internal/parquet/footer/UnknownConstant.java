package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TField;
import shaded.parquet.org.apache.thrift.protocol.TStruct;
import shaded.parquet.org.apache.thrift.transport.TTransport;

/**
 * Finds a constant that a later version of the format has, such as a new encoding. Thrift omits its
 * field and then reports that the field is missing. Reads the structure again for that.
 */
final class UnknownConstant extends TCompactProtocol {
  private static final Pattern MISSING =
      Pattern.compile("Required field '(\\w+)' was not present! Struct: (\\w+)\\(");

  /** The format numbers its constants from 0, and has ten of each kind; a far number is damage. */
  private static final int MOST = 63;

  private static final Map<String, Constant> CONSTANTS =
      Map.of(
          "ColumnMetaData.type", new Constant(1, "type"),
          "ColumnMetaData.codec", new Constant(4, "compression"),
          "PageEncodingStats.page_type", new Constant(1, "type of page"),
          "PageEncodingStats.encoding", new Constant(2, "encoding"),
          "PageHeader.type", new Constant(1, "type of page"),
          "DictionaryPageHeader.encoding", new Constant(2, "encoding"),
          "DataPageHeader.encoding", new Constant(2, "encoding"),
          "DataPageHeader.definition_level_encoding", new Constant(3, "encoding of levels"),
          "DataPageHeader.repetition_level_encoding", new Constant(4, "encoding of levels"),
          "DataPageHeaderV2.encoding", new Constant(4, "encoding"));

  /** The numbers of the structures that are not read to their end, by field. */
  private final Deque<Map<Integer, Integer>> open = new ArrayDeque<>();

  /** The numbers of the structure that was read last. */
  private Map<Integer, Integer> last = Map.of();

  private int field;

  private UnknownConstant(TTransport transport, long size) {
    super(transport, size, size);
  }

  /** A field whose value is a constant, and what the constant is, for messages. */
  private record Constant(int field, String name) {}

  /**
   * Returns the error of a constant that is not known; null if the structure has another error.
   *
   * @param error what reading the structure failed with
   * @param again the bytes from the start of the structure
   */
  static @Nullable UnreadableFileException in(
      FooterTransport.Structure structure, TException error, TTransport again, long size) {
    Matcher missing = MISSING.matcher(String.valueOf(error.getMessage()));
    if (!missing.lookingAt()) {
      return null;
    }
    Constant constant = CONSTANTS.get(missing.group(2) + "." + missing.group(1));
    if (constant == null) {
      return null;
    }
    UnknownConstant protocol = new UnknownConstant(again, size);
    try {
      structure.read(protocol);
    } catch (TException e) {
      // The same error; the protocol has the fields of the structure.
    }
    Integer number = protocol.last.get(constant.field());
    return number == null || number < 0 || number > MOST ? null : error(constant.name(), number);
  }

  private static UnreadableFileException error(String what, int number) {
    return UnreadableFileException.unsupported(
        "the "
            + what
            + " with the number "
            + number
            + " is not known to this version; the module mesh-parquet-hadoop does not read it either",
        "Write the file again with another " + what + ", or use a later version of Meshwork.");
  }

  @Override
  public TStruct readStructBegin() throws TException {
    open.push(new HashMap<>());
    return super.readStructBegin();
  }

  @Override
  public void readStructEnd() throws TException {
    last = open.pop();
    super.readStructEnd();
  }

  @Override
  public TField readFieldBegin() throws TException {
    TField begun = super.readFieldBegin();
    field = begun.id;
    return begun;
  }

  @Override
  public int readI32() throws TException {
    int number = super.readI32();
    if (!open.isEmpty()) {
      open.getFirst().put(field, number);
    }
    return number;
  }
}
