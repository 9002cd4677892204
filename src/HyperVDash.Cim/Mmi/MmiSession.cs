using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Management.Infrastructure.Options;
using Native = Microsoft.Management.Infrastructure;

namespace HyperVDash.Cim.Mmi;

/// <summary>A host's CIM classes through Windows itself: this computer, or another by WinRM or DCOM. Opens at the first question.</summary>
public sealed class MmiSession : ICimSession
{
    private readonly MmiTarget _target;
    private readonly TimeProvider _time;
    private readonly Func<bool> _isWindows;
    private readonly Lock _gate = new();
    private Native.CimSession? _session;

    public MmiSession(MmiTarget target, TimeProvider time)
        : this(target, time, OperatingSystem.IsWindows)
    {
    }

    /// <param name="isWindows">Asked before the library is: elsewhere it loads, and then fails with words that help nobody.</param>
    internal MmiSession(MmiTarget target, TimeProvider time, Func<bool> isWindows) => (_target, _time, _isWindows) = (target, time, isWindows);

    public string Target => _target.ToString();

    public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = new MmiRows(query.Class);
        var what = CimTopic.Of(query);
        string cimNamespace = Backslashes(query.Namespace);
        var answer = AskAsync<Native.CimInstance, CimRow>(
            (session, options) => query.IsWholeClass
                ? session.EnumerateInstancesAsync(cimNamespace, query.Class, options)
                : session.QueryInstancesAsync(cimNamespace, "WQL", query.Wql, options),
            instance => rows.Row(MmiInstance.Of(instance)),
            what, query.Timeout, cancellationToken);
        await foreach (var row in answer.ConfigureAwait(false))
        {
            yield return row;
        }
    }

    public async Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
    {
        var what = CimTopic.Of(call);
        string cimNamespace = Backslashes(call.Namespace);
        var answer = AskAsync<Native.CimMethodResultBase, CimReply>(
            (session, options) => call.Keys.IsEmpty
                ? session.InvokeMethodAsync(cimNamespace, call.Class, call.Method, Parameters(call), options)
                : session.InvokeMethodAsync(cimNamespace, Reference(cimNamespace, new CimPath(call.Class) { Keys = call.Keys }), call.Method, Parameters(call), options),
            result => Reply(call, (Native.CimMethodResult)result),
            what, call.Timeout, cancellationToken);
        await foreach (var reply in answer.ConfigureAwait(false))
        {
            return reply;
        }

        throw new CimException(CimErrorKind.Protocol, $"The answer of {Target} for {what} is empty.");
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _session?.Dispose();
            _session = null;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Asks, and turns every way of not answering into a <see cref="CimException"/>.</summary>
    private async IAsyncEnumerable<TRow> AskAsync<TItem, TRow>(
        Func<Native.CimSession, CimOperationOptions, IObservable<TItem>> ask, Func<TItem, TRow> convert, CimTopic what, TimeSpan? timeout,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RequireWindows();
        var limit = timeout ?? _target.OperationTimeout;
        using var time = new CancellationTokenSource(limit + _target.NetworkDelay, _time);
        using var operation = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);

        // Not disposed here: a cancelled operation winds down on its own thread and still reads them; the finalizer frees them.
        var options = new CimOperationOptions { CancellationToken = operation.Token, Timeout = limit, ShortenLifetimeOfResults = true };
        IAsyncEnumerator<TRow> answer;
        try
        {
            answer = ObservedRows.FollowAsync(ask(Open(), options), convert, operation, operation.Token).GetAsyncEnumerator(CancellationToken.None);
        }
        catch (Native.CimException refused)
        {
            throw MmiFault.Of(refused).AsException(_target, what, refused);
        }

        await using (answer.ConfigureAwait(false))
        {
            while (await NextAsync().ConfigureAwait(false))
            {
                yield return answer.Current;
            }
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await answer.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception ended) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(ended.Message, ended, cancellationToken);
            }
            catch (Exception late) when (time.IsCancellationRequested)
            {
                throw new CimException(CimErrorKind.Timeout, $"{Target} did not answer {what} within {limit.TotalSeconds:0.#} s.", inner: late);
            }
            catch (Native.CimException refused)
            {
                throw MmiFault.Of(refused).AsException(_target, what, refused);
            }
        }
    }

    private void RequireWindows()
    {
        if (!_isWindows())
        {
            throw new CimException(CimErrorKind.Unreachable,
                $"{Target} cannot be opened by the door mmi or dcom: Windows Management Infrastructure opens sessions on Windows only. Here use the door wsman (WinRM over HTTPS), for example https://{Target}:5986/wsman.");
        }
    }

    private Native.CimSession Open()
    {
        lock (_gate)
        {
            return _session ??= _target.IsLocal ? Native.CimSession.Create(null) : Native.CimSession.Create(_target.Computer, MmiWireOptions.Of(_target));
        }
    }

    private static Native.CimMethodParametersCollection Parameters(CimCall call)
    {
        var parameters = new Native.CimMethodParametersCollection();
        foreach (var argument in call.Arguments.Where(a => a.Value is not null))
        {
            object? value = MmiArguments.Value(argument.Type, argument.Value, path => Reference(Backslashes(call.Namespace), path));
            parameters.Add(Native.CimMethodParameter.Create(argument.Name, value, MmiArguments.TypeOf(argument.Type), Native.CimFlags.In));
        }

        return parameters;
    }

    private static Native.CimInstance Reference(string cimNamespace, CimPath path)
    {
        var instance = new Native.CimInstance(path.Class, cimNamespace);
        foreach (var (name, value) in path.Keys)
        {
            instance.CimInstanceProperties.Add(Native.CimProperty.Create(name, value, Native.CimType.String, Native.CimFlags.Key));
        }

        return instance;
    }

    private static CimReply Reply(CimCall call, Native.CimMethodResult result)
    {
        var rows = new MmiRows(call.Class);
        object? code = result.ReturnValue is { } value ? rows.Convert(value.CimType, value.Value) : null;
        var output = rows.Row(new MmiInstance(call.Class, [.. result.OutParameters.Select(MmiInstance.Of)]));
        return new CimReply(code is null ? null : Convert.ToInt64(code, CultureInfo.InvariantCulture), output);
    }

    // WMI accepts both, some providers of the library only these.
    private static string Backslashes(string cimNamespace) => cimNamespace.Replace('/', '\\');
}
