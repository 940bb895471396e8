package io.meshwork.internal.rows;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Inspects declared Java types. */
public final class JavaTypes {
  private JavaTypes() {}

  /** Returns the class of a type; the bound of a wildcard, Object for a type variable. */
  public static Class<?> raw(Type type) {
    if (type instanceof Class<?> known) {
      return known;
    }
    if (type instanceof ParameterizedType generic) {
      return raw(generic.getRawType());
    }
    if (type instanceof GenericArrayType array) {
      return Array.newInstance(raw(array.getGenericComponentType()), 0).getClass();
    }
    return type instanceof WildcardType wildcard ? raw(wildcard.getUpperBounds()[0]) : Object.class;
  }

  /** Returns the type inside of an Optional; the type itself if it is not an Optional. */
  public static Type content(Type type) {
    if (raw(type) != Optional.class) {
      return type;
    }
    Type content = argument(type, 0, 1);
    return content == null ? Object.class : content;
  }

  /** Returns the element type of an array or a collection; null if unknown. */
  public static @Nullable Type element(Type type) {
    if (type instanceof GenericArrayType array) {
      return array.getGenericComponentType();
    }
    Class<?> raw = raw(type);
    if (raw.isArray()) {
      return raw.getComponentType();
    }
    return Iterable.class.isAssignableFrom(raw) ? argument(type, 0, 1) : null;
  }

  /** Returns the key type of a map; null if unknown. */
  public static @Nullable Type key(Type type) {
    return Map.class.isAssignableFrom(raw(type)) ? argument(type, 0, 2) : null;
  }

  /** Returns the value type of a map; null if unknown. */
  public static @Nullable Type value(Type type) {
    return Map.class.isAssignableFrom(raw(type)) ? argument(type, 1, 2) : null;
  }

  private static @Nullable Type argument(Type type, int position, int count) {
    if (type instanceof WildcardType wildcard) {
      return argument(wildcard.getUpperBounds()[0], position, count);
    }
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return arguments.length == count ? arguments[position] : null;
    }
    return null;
  }
}
