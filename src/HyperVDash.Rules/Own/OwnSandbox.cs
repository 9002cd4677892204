using System.Diagnostics;
using System.Text.RegularExpressions;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;
using Jint.Runtime.Interop;
using JsEngine = Jint.Engine;

namespace HyperVDash.Rules.Own;

/// <summary>A fact that an expression may speak of.</summary>
/// <param name="Source">While it is the same, the facts are not read anew; null: the host did not say.</param>
internal readonly record struct OwnFact(object? Source, Func<string> Json);

/// <summary>
/// An interpreter for one rule's expressions, without a way to the machine, with limits on steps, time, memory, depth and lists. Nothing in it can be changed, so
/// that it remembers nothing from one object to the next but the facts of the host. Not for several threads at once.
/// </summary>
internal sealed class OwnSandbox
{
    /// <summary>Steps of one run.</summary>
    public const int MostSteps = 20_000;

    private const int MostEvidence = 20;

    private readonly JsEngine _engine;
    private readonly RunLimit _limit;
    private readonly JsValue _guard;
    private readonly Dictionary<string, (object? Source, JsValue Value)> _facts;
    private readonly Func<string, bool> _isOptional;
    private readonly List<Look> _looked = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<OwnScript, JsValue> _functions = [];

    /// <param name="names">What an expression may speak of.</param>
    /// <param name="isOptional">By path: it may be unsaid.</param>
    /// <param name="longest">Time of one run. To make the interpreter ready is not part of it: a busy machine must not end that.</param>
    public OwnSandbox(string[] names, Func<string, bool> isOptional, TimeSpan longest)
    {
        (_isOptional, _limit) = (isOptional, new(MostSteps, longest));
        _engine = Interpreter(_limit);
        _facts = names.ToDictionary(n => n, _ => ((object?)null, (JsValue)JsValue.Null), StringComparer.Ordinal);
        var note = new ClrFunction(_engine, "note", (_, arguments) =>
        {
            Note(arguments[0].AsString(), arguments[1].IsNull() ? null : arguments[1].ToString());
            return JsValue.Undefined;
        });
        var hand = new ClrFunction(_engine, "hand", (_, arguments) => Hand(arguments[0].AsString()));
        _guard = _engine.Invoke(_engine.Evaluate(OwnRealm.Code), note, hand, string.Join(' ', names));
    }

    /// <summary>What was looked at since <see cref="Begin"/>, each fact once, and not all of very many.</summary>
    public IReadOnlyList<Look> Looked => _looked;

    /// <summary>Path of the first fact that was looked at, that the host did not say, and that may not be unsaid; null: none.</summary>
    public string? Unsaid { get; private set; }

    /// <summary>A run was ended from outside: what it left half done is not built upon.</summary>
    public bool IsSpoilt { get; private set; }

    /// <summary>Steps of the runs so far.</summary>
    public int Steps => _limit.Sum;

    /// <summary>Time of the runs so far, with that for handing out facts.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Turns to another object.</summary>
    public void Begin()
    {
        Unsaid = null;
        _looked.Clear();
        _known.Clear();
    }

    /// <param name="fact">Facts by name; asked only for those that the expression mentions.</param>
    /// <exception cref="OwnRuleFile.Wrong">It failed, or took too much.</exception>
    public object? Run(OwnScript script, Func<string, OwnFact> fact)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            foreach (string name in script.Mentioned)
            {
                if (_facts.TryGetValue(name, out var known))
                {
                    Take(name, known.Source, fact(name));
                }
            }

            if (!_functions.TryGetValue(script, out var function))
            {
                _functions.Add(script, function = _engine.Evaluate(script.Code));
            }

            _limit.Begin();
            var value = _engine.Invoke(function);
            return value.IsBoolean() ? value.AsBoolean() : value.IsString() ? value.AsString() : value.IsNull() || value.IsUndefined() ? null
                : throw script.Wrong($"The condition must be true or false, and is {value.Type}.");
        }
        catch (JavaScriptException failed)
        {
            throw script.Wrong(failed.Message, isFromScript: true);
        }
        catch (Exception late) when (late is TimeoutException or RegexMatchTimeoutException)
        {
            IsSpoilt = true;
            throw script.Wrong($"It takes too much time: {late.Message}", isSlow: true);
        }
        catch (Exception limit) when (limit is MemoryLimitExceededException or RecursionDepthOverflowException or StatementsCountOverflowException or InsufficientExecutionStackException or OutOfMemoryException)
        {
            IsSpoilt = true;
            throw script.Wrong($"It takes too much: {(limit is StatementsCountOverflowException ? $"more than {MostSteps} steps" : limit.Message)}");
        }
        finally
        {
            _limit.End();
            Took += Stopwatch.GetElapsedTime(started);
        }
    }

    /// <summary>True if another host may give an answer: what is not said has no parts. A name that no fact has, or too much work, is wrong for every host.</summary>
    public static bool IsOfThisHost(OwnRuleFile.Wrong wrong) => wrong.IsFromScript && wrong.Message.StartsWith("Cannot read propert", StringComparison.Ordinal);

    // Nobody disposes of it: without objects of .NET it holds nothing but memory.
    private static JsEngine Interpreter(RunLimit limit) => new(options =>
    {
        options.Strict().Constraint(limit).LimitMemory(16 * 1024 * 1024).LimitRecursion(64).DisableStringCompilation();
        options.Constraints.MaxArraySize = 100_000;
        options.Constraints.RegexTimeout = TimeSpan.FromMilliseconds(100);
    });

    private void Take(string name, object? before, OwnFact fact)
    {
        if (fact.Source is null)
        {
            _facts[name] = (null, JsValue.Null);
        }
        else if (!ReferenceEquals(fact.Source, before))
        {
            _facts[name] = (fact.Source, _engine.Invoke(_guard, new JsonParser(_engine).Parse(fact.Json()), name));
        }
    }

    private JsValue Hand(string name)
    {
        var value = _facts[name].Value;
        if (value.IsNull())
        {
            Note(name, null);
        }

        return value;
    }

    private void Note(string path, string? value)
    {
        if (value is null && Unsaid is null && !_isOptional(path))
        {
            Unsaid = path;
        }

        if (_looked.Count < MostEvidence && _known.Add(path))
        {
            _looked.Add(new(path, value));
        }
    }
}
