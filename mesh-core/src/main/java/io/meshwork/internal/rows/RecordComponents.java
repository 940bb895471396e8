package io.meshwork.internal.rows;

import io.meshwork.contract.Column;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Optional;

/** What a Java record class says about its components, and how they are reached. */
final class RecordComponents {
  private static final MethodHandles.Lookup OURS = MethodHandles.lookup();

  private RecordComponents() {}

  /** The components in their order; refused with {@code READER_INVALID} if it is no record. */
  static RecordComponent[] of(Class<?> recordClass) {
    RecordComponent[] components = recordClass.getRecordComponents();
    if (components == null) {
      throw new InvalidRequestException(
          ErrorCode.READER_INVALID,
          "Cannot use "
              + recordClass.getName()
              + " as the type of rows: it is not a Java record. Nothing was read. Declare a record"
              + " whose components are named like the columns.");
    }
    return components;
  }

  /** The column that a component stands for. */
  static String columnOf(RecordComponent component) {
    Column column = component.getAnnotation(Column.class);
    return column == null || column.value().isEmpty() ? component.getName() : column.value();
  }

  static boolean isOptional(RecordComponent component) {
    return component.getType() == Optional.class;
  }

  /** The type of a component's values, out of the Optional if it is one. */
  static Type valueType(RecordComponent component) {
    return JavaTypes.content(component.getGenericType());
  }

  /** The accessor, which takes the record as its only argument. */
  static MethodHandle accessor(Class<?> recordClass, RecordComponent component) {
    try {
      return MethodHandles.privateLookupIn(recordClass, OURS).unreflect(component.getAccessor());
    } catch (IllegalAccessException closed) {
      try {
        return MethodHandles.publicLookup().unreflect(component.getAccessor());
      } catch (IllegalAccessException refused) {
        throw unreachable(recordClass);
      }
    }
  }

  /** The canonical constructor. */
  static MethodHandle constructor(Class<?> recordClass) {
    Class<?>[] types =
        Arrays.stream(of(recordClass)).map(RecordComponent::getType).toArray(Class<?>[]::new);
    MethodType type = MethodType.methodType(void.class, types);
    try {
      return MethodHandles.privateLookupIn(recordClass, OURS).findConstructor(recordClass, type);
    } catch (IllegalAccessException closed) {
      try {
        return MethodHandles.publicLookup().findConstructor(recordClass, type);
      } catch (IllegalAccessException | NoSuchMethodException refused) {
        throw unreachable(recordClass);
      }
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(
          "the record " + recordClass.getName() + " has no canonical constructor", e);
    }
  }

  private static InvalidRequestException unreachable(Class<?> recordClass) {
    return new InvalidRequestException(
        ErrorCode.READER_INVALID,
        "Cannot reach the components of record "
            + recordClass.getName()
            + ": its module "
            + recordClass.getModule().getName()
            + " does not open package "
            + recordClass.getPackageName()
            + ". No row was moved. Add 'opens "
            + recordClass.getPackageName()
            + ";' to the module's declaration, or make the record public in an exported package.");
  }
}
