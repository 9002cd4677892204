using Acornima.Ast;
using Jint;
using JsEngine = Jint.Engine;

namespace HyperVDash.Rules.Own;

/// <summary>What a condition finds in the interpreter: a list of what it may call, and nothing else.</summary>
internal static class OwnRealm
{
    /// <summary>A function that leaves in the interpreter only what is listed, and gives the guard through which facts are handed out.</summary>
    public static Prepared<Script> Code { get; } = JsEngine.PrepareScript(
        """
        (function (note, hand, names) {
            'use strict';
            const letters = 1000000;
            const { freeze, defineProperty, getOwnPropertyNames } = Object;
            const realm = globalThis;
            const Slip = TypeError;
            const TooLong = RangeError;
            const { apply } = Reflect;
            const has = Object.prototype.hasOwnProperty;
            const Guarded = Proxy;
            const { replace, replaceAll } = String.prototype;
            const tooLong = () => { throw new TooLong('It makes a text of more than ' + letters + ' letters'); };
            const text = String;
            const Pattern = RegExp;
            const isPattern = value => value instanceof Pattern;

            // One step that makes a text of any length escapes the limits.
            const bounded = native => function (pattern, by) {
                const whole = text(this);
                // Anew, so that nothing of it is the user's.
                const what = isPattern(pattern) ? new Pattern(pattern.source, pattern.flags) : text(pattern);
                if (typeof by === 'function') {
                    let made = whole.length;
                    return apply(native, whole, [what, (...found) => {
                        const one = text(by(...found));
                        made += one.length;
                        return made > letters ? tooLong() : one;
                    }]);
                }
                const one = text(by);
                // Each letter may be replaced, and "$" may stand for all letters.
                const most = (whole.length + 1) * one.length * (one.includes('$') ? whole.length + 1 : 1);
                return most > letters ? tooLong() : apply(native, whole, [what, one]);
            };
            String.prototype.replace = bounded(replace);
            String.prototype.replaceAll = bounded(replaceAll);
            Array.prototype.join = function (separator) {
                const between = separator === undefined ? ',' : text(separator);
                let all = '';
                for (let i = 0; i < this.length; i++) {
                    const one = this[i];
                    all += (i > 0 ? between : '') + (one === null || one === undefined ? '' : text(one));
                    if (all.length > letters) tooLong();
                }
                return all;
            };

            const keep = (target, names) => {
                const kept = names.split(' ');
                for (const name of getOwnPropertyNames(target)) {
                    if (!kept.includes(name) && (typeof target !== 'function' || !['prototype', 'length', 'name'].includes(name))) delete target[name];
                }
            };
            const prototypes = [Object, Array, String, Number, Boolean, Date, RegExp, Map, Set, Error, Function].map(f => f.prototype);
            keep(Object.prototype, 'hasOwnProperty toString valueOf');
            keep(Function.prototype, 'length name');
            keep(Array.prototype, 'length at entries every filter find findIndex findLast findLastIndex flatMap forEach includes indexOf join keys lastIndexOf map push reduce reduceRight reverse slice some sort toReversed toSorted toString values');
            keep(String.prototype, 'length at charAt charCodeAt codePointAt endsWith includes indexOf lastIndexOf localeCompare match replace replaceAll search slice split startsWith substring toLowerCase toString toUpperCase trim trimEnd trimStart valueOf');
            keep(RegExp.prototype, 'exec test source flags global ignoreCase multiline dotAll unicode unicodeSets sticky hasIndices toString');
            for (const prototype of [Number.prototype, Boolean.prototype, Date.prototype, Map.prototype, Set.prototype, Error.prototype]) delete prototype.constructor;
            keep(Number, 'EPSILON MAX_SAFE_INTEGER MIN_SAFE_INTEGER MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY isFinite isInteger isNaN isSafeInteger parseFloat parseInt');
            keep(String, '');
            keep(RegExp, '');
            keep(Map, '');
            keep(Date, 'parse UTC');
            const { keys, values, entries } = Object;
            const { isArray } = Array;
            const lists = freeze({ isArray });
            const objects = freeze({ keys, values, entries });
            for (const part of [Math, Number, String, Boolean, Date, RegExp, Map, Set, ...prototypes]) freeze(part);
            keep(realm, 'Array Boolean Date Infinity Map Math NaN Number Object RegExp Set String isFinite isNaN parseFloat parseInt undefined');
            realm.Array = lists;
            realm.Object = objects;

            // A fact of a text that has a part which is missing shows as not said; any other mistake in it is one.
            realm.shown = fact => {
                try {
                    return fact() ?? 'not said';
                } catch (failed) {
                    if (!text(failed.message).startsWith('Cannot read propert')) throw failed;
                    return 'not said';
                }
            };

            // Facts are handed out through a guard that notes what is read. A fact of no such name is a slip of the pen and must not look like "not said".
            const refuse = path => { throw new Slip(path + ' cannot be changed'); };
            const guard = (value, path) => value === null || typeof value !== 'object' ? value : new Guarded(value, {
                get(target, key) {
                    if (typeof key === 'symbol' || (!apply(has, target, [key]) && key in target)) return target[key];
                    const inner = isArray(target) ? path + '[' + key + ']' : path + '.' + key;
                    if (!apply(has, target, [key])) {
                        if (isArray(target)) return undefined;
                        throw new Slip(path + ' has no fact named ' + key);
                    }
                    const fact = target[key];
                    if (fact === null || typeof fact !== 'object') note(inner, fact);
                    return guard(fact, inner);
                },
                set: () => refuse(path),
                defineProperty: () => refuse(path),
                deleteProperty: () => refuse(path),
                setPrototypeOf: () => refuse(path)
            });
            for (const name of names.split(' ')) defineProperty(realm, name, { get: () => hand(name) });
            freeze(realm);
            return guard;
        })
        """, "guard", strict: true);
}
