package io.meshwork.aws.internal.mirror;

import io.meshwork.internal.lakeformation.Resource;
import java.util.Optional;

/** The type of the resources of a resource share, of which Lake Formation creates one each. */
enum ShareType {
  CATALOG("glue:Catalog"),
  DATABASE("glue:Database"),
  TABLE("glue:Table");

  private final String text;

  ShareType(String text) {
    this.text = text;
  }

  /** Returns the name of the type in Resource Access Manager. */
  String text() {
    return text;
  }

  /** Returns the type of the share by which a grant on a resource reaches another account. */
  static ShareType of(Resource on) {
    if (on instanceof Resource.TagPolicy) {
      return CATALOG;
    }
    return on instanceof Resource.Database ? DATABASE : TABLE;
  }

  /** Returns the type with a name; empty for types that Lake Formation does not share. */
  static Optional<ShareType> named(String text) {
    for (ShareType type : values()) {
      if (type.text.equals(text)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
