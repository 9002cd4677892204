using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Acornima;
using Acornima.Ast;
using Jint;
using JsEngine = Jint.Engine;

namespace HyperVDash.Rules.Own;

/// <summary>What a user's expression looked at: path and value of each fact, null where the host did not say.</summary>
internal sealed record Look(string Path, string? Value);

/// <summary>An expression of a user over facts as JSON, checked and ready to run in an <see cref="OwnSandbox"/>.</summary>
internal sealed partial class OwnScript
{
    private readonly Placed _place;

    private OwnScript(Prepared<Script> code, Placed place)
    {
        (Code, _place) = (code, place);
        Mentioned = [.. code.Program!.DescendantNodes().OfType<Identifier>().Select(i => i.Name).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A function without parameters that gives what the expression gives.</summary>
    public Prepared<Script> Code { get; }

    /// <summary>Every name in it, of facts and of anything else.</summary>
    public ImmutableArray<string> Mentioned { get; }

    /// <exception cref="OwnRuleFile.Wrong">It is no expression, or uses what a condition may not.</exception>
    public static OwnScript Condition(Placed text) => new(Prepare(text.Value, text), text);

    /// <summary>A text in which <c>{it.name}</c> stands for a fact.</summary>
    /// <inheritdoc cref="Condition"/>
    public static OwnScript Sentence(Placed text)
    {
        var parts = Hole().Split(text.Value);
        for (int i = 1; i < parts.Length; i += 2)
        {
            // By itself first, so that it cannot close the brackets it stands in.
            _ = Prepare(parts[i], text);
        }

        return new(Prepare(string.Join(" + ", parts.Select((p, i) => i % 2 == 0 ? System.Text.Json.JsonSerializer.Serialize(p) : $"shown(() => (\n{p}\n))")), text), text);
    }

    /// <summary>A mistake of this expression. The interpreter names the place only roughly once a fact is handed out through the guard: it is that where the expression begins.</summary>
    public OwnRuleFile.Wrong Wrong(string reason, bool isFromScript = false, bool isSlow = false)
    {
        var (line, column) = _place.At(1, 0);
        return new(line, column, reason) { IsFromScript = isFromScript, IsSlow = isSlow };
    }

    private static Prepared<Script> Prepare(string expression, Placed place)
    {
        try
        {
            var script = JsEngine.PrepareScript($"(function () {{ 'use strict'; return (\n{expression}\n); }})", "condition", strict: true);
            if (script.Program!.Body is not [ExpressionStatement { Expression: FunctionExpression }])
            {
                throw new OwnRuleFile.Wrong(place.Line, place.Column, "This is no condition: it closes a bracket that it did not open.");
            }

            if (OwnSubset.Stranger(script.Program) is { } stranger)
            {
                var (line, column) = place.At(Math.Max(1, stranger.Where.Location.Start.Line - 1), stranger.Where.Location.Start.Column);
                throw new OwnRuleFile.Wrong(line, column, $"This is no condition: {stranger.Reason}");
            }

            return script;
        }
        catch (Exception broken) when (broken is ScriptPreparationException or ParseErrorException)
        {
            var at = (broken as ParseErrorException ?? broken.InnerException as ParseErrorException)?.Error;
            var (line, column) = place.At(Math.Max(1, (at?.LineNumber ?? 2) - 1), at?.Column ?? 0);
            throw new OwnRuleFile.Wrong(line, column, $"This is no condition: {at?.Description ?? broken.Message}");
        }
    }

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Hole();
}
