package io.meshwork.internal.compatibility;

import org.jspecify.annotations.Nullable;

/**
 * One change between two schemas.
 *
 * @param code what kind of change
 * @param path the column, such as {@code lines[].price}; empty for the record itself
 * @param before the old fragment as text; null if there was none
 * @param after the new fragment as text; null if there is none
 * @param consumersSafe true if whoever reads with the old schema reads new rows rightly here
 * @param historySafe true if whoever reads with the new schema reads old rows rightly here
 * @param what what changed, in a sentence
 * @param mend what to do instead; empty if nothing needs to be done
 */
public record SchemaChange(
    SchemaCode code,
    String path,
    @Nullable String before,
    @Nullable String after,
    boolean consumersSafe,
    boolean historySafe,
    String what,
    String mend) {}
