package io.meshwork.internal.compatibility;

import io.meshwork.product.Verdict;

/** What kind of change it is. The order decides which of several is the reason of the verdict. */
public enum SchemaCode {
  /** One of the schemas is not legal; nothing else is looked at. */
  TYPE_REFUSED(Verdict.REFUSED),
  /** Nothing changed. */
  IDENTICAL(Verdict.NONE),
  /** The unqualified name of a record, enum or fixed changed. */
  NAME_CHANGED(Verdict.MAJOR),
  /** Schemas resolve, and values mean something else. */
  SILENT_MISREAD(Verdict.MAJOR),
  /** Readers of the old schema cannot read new rows. */
  CONSUMER_BREAK(Verdict.MAJOR),
  /** Readers of the new schema cannot read old rows. */
  HISTORY_UNREADABLE(Verdict.MAJOR),
  /** Schemas resolve, and a default takes the place of what was there. */
  SILENT_LOSS(Verdict.MAJOR),
  /** Decimals may have more digits than old readers have room for. */
  WIDENING_OLD_READER(Verdict.MAJOR),
  /** A field more, which old readers skip and old rows fill with its default. */
  FIELD_ADDED_COMPAT(Verdict.MINOR),
  /** A symbol more, which old readers read as their enum's default. */
  ENUM_FOLDED(Verdict.MINOR),
  /** Only the namespace of a named type changed. */
  NAMESPACE_CHANGED(Verdict.MINOR),
  /** An enum's default was added, changed or removed. */
  ENUM_DEFAULT(Verdict.MINOR),
  /** A field's default was added, changed or removed. */
  DEFAULT_CHANGED(Verdict.MINOR),
  /** Fields, symbols or the branches of a union stand in another order, or sort otherwise. */
  ORDER_ONLY(Verdict.PATCH),
  /** Aliases changed. */
  ALIAS_ONLY(Verdict.PATCH),
  /** Properties changed that Avro gives no meaning to. */
  PROPERTY_ONLY(Verdict.PATCH),
  /** Documentation changed. */
  DOC_ONLY(Verdict.PATCH);

  private final Verdict verdict;

  SchemaCode(Verdict verdict) {
    this.verdict = verdict;
  }

  /** What one such change asks for. */
  public Verdict verdict() {
    return verdict;
  }
}
