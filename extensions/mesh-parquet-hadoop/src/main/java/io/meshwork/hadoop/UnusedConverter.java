package io.meshwork.hadoop;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;

/** The converters that the columns of parquet-column ask for, although values are read directly. */
final class UnusedConverter extends GroupConverter {
  private final GroupType group;

  UnusedConverter(GroupType group) {
    this.group = group;
  }

  @Override
  public Converter getConverter(int field) {
    Type type = group.getType(field);
    return type.isPrimitive()
        ? new PrimitiveConverter() {}
        : new UnusedConverter(type.asGroupType());
  }

  @Override
  public void start() {}

  @Override
  public void end() {}
}
