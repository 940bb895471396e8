/**
 * Bad inputs of every kind to every operation: each is refused with a code, and changes nothing.
 */
@NullMarked
package io.meshwork.internal.conformance.input;

import org.jspecify.annotations.NullMarked;
