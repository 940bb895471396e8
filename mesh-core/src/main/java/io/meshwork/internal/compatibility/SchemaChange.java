package io.meshwork.internal.compatibility;

import io.meshwork.error.FindingCode;
import io.meshwork.product.ContractVersion.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * One change between two schemas.
 *
 * @param code the kind of change
 * @param path the column, such as {@code lines[].price}; empty for the record itself
 * @param before the old fragment; null if there was none
 * @param after the new fragment; null if there is none
 * @param safe the readers that read rows of the other schema correctly here
 * @param what the change, as a sentence
 * @param fix what to do instead; empty if nothing
 * @param typeNames whether it only affects readers that resolve types by their names, as Avro's
 *     decoders do; reads of a product resolve columns by name, and types by structure
 */
public record SchemaChange(
    SchemaCode code,
    String path,
    @Nullable String before,
    @Nullable String after,
    SafeReaders safe,
    String what,
    String fix,
    boolean typeNames) {
  /** The readers that a change does not concern. */
  public enum SafeReaders {
    /** Readers with the old schema, which read new rows. */
    OLD,
    /** Readers with the new schema, which read old rows. */
    NEW,
    /** Readers with either schema. */
    BOTH,
    /** No reader. */
    NONE
  }

  /** Creates a change that does not only affect readers that resolve types by their names. */
  SchemaChange(
      SchemaCode code,
      String path,
      @Nullable String before,
      @Nullable String after,
      SafeReaders safe,
      String what,
      String fix) {
    this(code, path, before, after, safe, what, fix, false);
  }

  /** Returns true if readers of the old schema read new rows correctly here. */
  public boolean consumersSafe() {
    return safe == SafeReaders.OLD || safe == SafeReaders.BOTH;
  }

  /** Returns true if readers of the new schema read old rows correctly here. */
  public boolean historySafe() {
    return safe == SafeReaders.NEW || safe == SafeReaders.BOTH;
  }

  /** Returns the change as one that only affects readers that resolve types by their names. */
  SchemaChange ofTypeNames() {
    return new SchemaChange(code, path, before, after, safe, what, fix, true);
  }

  /**
   * The kind of a change. The order decides which of several changes is the reason of the verdict.
   */
  public enum SchemaCode {
    /** One of the schemas is not legal; nothing else is compared. */
    TYPE_REFUSED(Verdict.REFUSED, FindingCode.TYPE_REFUSED),
    /** Nothing changed. */
    IDENTICAL(Verdict.NONE, FindingCode.IDENTICAL),
    /** The unqualified name of a record, enum, or fixed changed. */
    NAME_CHANGED(Verdict.MAJOR, FindingCode.NAME_CHANGED),
    /** The schemas resolve, but values change their meaning. */
    SILENT_MISREAD(Verdict.MAJOR, FindingCode.SILENT_MISREAD),
    /** Readers of the old schema cannot read new rows. */
    CONSUMER_BREAK(Verdict.MAJOR, FindingCode.CONSUMER_BREAK),
    /** Readers of the new schema cannot read old rows. */
    HISTORY_UNREADABLE(Verdict.MAJOR, FindingCode.HISTORY_UNREADABLE),
    /** The schemas resolve, but a default replaces existing values. */
    SILENT_LOSS(Verdict.MAJOR, FindingCode.SILENT_LOSS),
    /** Decimals may have more digits than readers of the old schema support. */
    WIDENING_OLD_READER(Verdict.MAJOR, FindingCode.WIDENING_OLD_READER),
    /** A field was added, which old readers skip and old rows fill with its default. */
    FIELD_ADDED_COMPAT(Verdict.MINOR, FindingCode.FIELD_ADDED_COMPAT),
    /** A symbol was added, which old readers read as their enum's default. */
    ENUM_FOLDED(Verdict.MINOR, FindingCode.ENUM_FOLDED),
    /** Only the namespace of a named type changed. */
    NAMESPACE_CHANGED(Verdict.MINOR, FindingCode.NAMESPACE_CHANGED),
    /** An enum's default was added, changed, or removed. */
    ENUM_DEFAULT(Verdict.MINOR, FindingCode.ENUM_DEFAULT),
    /** A field's default was added, changed, or removed. */
    DEFAULT_CHANGED(Verdict.MINOR, FindingCode.DEFAULT_CHANGED),
    /** The order of fields, symbols, or union branches, or the sort order, changed. */
    ORDER_ONLY(Verdict.PATCH, FindingCode.ORDER_ONLY),
    /** Aliases changed. */
    ALIAS_ONLY(Verdict.PATCH, FindingCode.ALIAS_ONLY),
    /** Properties without a meaning in Avro changed. */
    PROPERTY_ONLY(Verdict.PATCH, FindingCode.PROPERTY_ONLY),
    /** Documentation changed. */
    DOC_ONLY(Verdict.PATCH, FindingCode.DOC_ONLY);

    private final Verdict verdict;
    private final FindingCode finding;

    SchemaCode(Verdict verdict, FindingCode finding) {
      this.verdict = verdict;
      this.finding = finding;
    }

    /** Returns the code of findings about such a change. */
    public FindingCode finding() {
      return finding;
    }

    /** Returns the version step that one such change requires. */
    public Verdict verdict() {
      return verdict;
    }
  }
}
