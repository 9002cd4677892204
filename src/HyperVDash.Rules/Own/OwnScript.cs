using System.Text.RegularExpressions;
using Acornima;
using Acornima.Ast;
using Jint;
using JsEngine = Jint.Engine;
using Jint.Native;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace HyperVDash.Rules.Own;

/// <summary>What a user's expression looked at: path and value of each fact, null where the host did not say.</summary>
internal sealed record Look(string Path, string? Value);

/// <summary>
/// An expression of a user over facts as JSON. It runs in an interpreter without a way to the machine, with limits on statements, time, memory, depth and
/// lists, and in a new one each time, so that it can remember nothing.
/// </summary>
internal sealed partial class OwnScript
{
    // Facts are handed out through a guard that notes what is read. A fact of no such name is a slip of the pen and must not look like "not said".
    private const string Guard = """
        (function (note) {
            'use strict';
            const has = Object.prototype.hasOwnProperty;
            // One step that makes a text of any length escapes the limits.
            for (const name of ['repeat', 'padStart', 'padEnd']) delete String.prototype[name];
            const guard = (value, path) => value === null || typeof value !== 'object' ? value : new Proxy(value, {
                get(target, key) {
                    if (typeof key === 'symbol' || (!has.call(target, key) && key in target)) return target[key];
                    const inner = Array.isArray(target) ? path + '[' + key + ']' : path + '.' + key;
                    if (!has.call(target, key)) {
                        if (Array.isArray(target)) return undefined;
                        throw new TypeError(path + ' has no fact named ' + key);
                    }
                    const fact = target[key];
                    if (fact === null || typeof fact !== 'object') note(inner, fact);
                    return guard(fact, inner);
                },
                set(target, key) { throw new TypeError(path + ' cannot be changed'); }
            });
            return guard;
        })
        """;

    private static readonly Prepared<Script> PreparedGuard = JsEngine.PrepareScript(Guard, "guard");

    private readonly Prepared<Script> _script;
    private readonly Placed _place;
    private readonly string[] _names;

    private OwnScript(Prepared<Script> script, Placed place, string[] names) => (_script, _place, _names) = (script, place, names);

    /// <param name="names">What the expression may speak of.</param>
    /// <exception cref="OwnRuleFile.Wrong">It is no expression.</exception>
    public static OwnScript Condition(Placed text, string[] names) => new(Prepare(text.Value, text, names), text, names);

    /// <summary>A text in which <c>{it.name}</c> stands for a fact.</summary>
    /// <inheritdoc cref="Condition"/>
    public static OwnScript Sentence(Placed text, string[] names)
    {
        var parts = Hole().Split(text.Value);
        string joined = string.Join(" + ", parts.Select((p, i) => i % 2 == 0 ? System.Text.Json.JsonSerializer.Serialize(p) : $"(({p}) ?? 'not said')"));
        return new(Prepare(joined, text, names), text, names);
    }

    /// <param name="json">The facts by name.</param>
    /// <param name="looked">Gets what it looked at.</param>
    /// <exception cref="OwnRuleFile.Wrong">It failed, or took too much.</exception>
    public object? Run(Func<string, string?> json, List<Look> looked)
    {
        using var engine = new JsEngine(options =>
        {
            options.Strict().MaxStatements(20_000).TimeoutInterval(TimeSpan.FromMilliseconds(250)).LimitMemory(16 * 1024 * 1024).LimitRecursion(64).DisableStringCompilation();
            options.Constraints.MaxArraySize = 100_000;
            options.Constraints.RegexTimeout = TimeSpan.FromMilliseconds(100);
        });
        try
        {
            var note = new ClrFunction(engine, "note", (_, arguments) =>
            {
                if (looked.Count < 20)
                {
                    looked.Add(new(arguments[0].AsString(), arguments[1].IsNull() ? null : arguments[1].ToString()));
                }

                return JsValue.Undefined;
            });
            var guard = engine.Invoke(engine.Evaluate(PreparedGuard), note);
            var facts = new object[_names.Length];
            for (int i = 0; i < facts.Length; i++)
            {
                string? text = json(_names[i]);
                facts[i] = text is null ? JsValue.Null : engine.Invoke(guard, new Jint.Native.Json.JsonParser(engine).Parse(text), _names[i]);
            }

            var value = engine.Invoke(engine.Evaluate(_script), facts);
            return value.IsBoolean() ? value.AsBoolean() : value.IsString() ? value.AsString() : value.IsNull() || value.IsUndefined() ? null
                : throw At(1, 0, $"The condition must be true or false, and is {value}.");
        }
        catch (JavaScriptException failed)
        {
            // The interpreter names the place only roughly once a fact is handed out through the guard.
            throw At(1, 0, failed.Message, isFromScript: true);
        }
        catch (Exception limit) when (limit is TimeoutException or MemoryLimitExceededException or RecursionDepthOverflowException or StatementsCountOverflowException or RegexMatchTimeoutException)
        {
            throw At(1, 0, $"It takes too much: {limit.Message}");
        }
    }

    /// <summary>True if another host may give an answer: what is not said has no parts. A name that no fact has, or too much work, is wrong for every host.</summary>
    public static bool IsOfThisHost(OwnRuleFile.Wrong wrong) => wrong.IsFromScript && wrong.Message.StartsWith("Cannot read propert", StringComparison.Ordinal);

    private static Prepared<Script> Prepare(string expression, Placed place, string[] names)
    {
        try
        {
            return JsEngine.PrepareScript($"(function ({string.Join(", ", names)}) {{ 'use strict'; return (\n{expression}\n); }})", "condition", strict: true);
        }
        catch (Exception broken) when (broken is ScriptPreparationException or ParseErrorException)
        {
            var at = (broken as ParseErrorException ?? broken.InnerException as ParseErrorException)?.Error;
            var (line, column) = place.At(Math.Max(1, (at?.LineNumber ?? 2) - 1), at?.Column ?? 0);
            throw new OwnRuleFile.Wrong(line, column, $"This is no condition: {at?.Description ?? broken.Message}");
        }
    }

    private OwnRuleFile.Wrong At(int line, int column, string reason, bool isFromScript = false)
    {
        var (at, from) = _place.At(Math.Max(1, line), Math.Max(0, column));
        return new(at, from, reason) { IsFromScript = isFromScript };
    }

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Hole();
}
