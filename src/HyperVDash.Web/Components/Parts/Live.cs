using HyperVDash.Web.Fleet;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace HyperVDash.Web.Components.Parts;

/// <summary>Renders its content with the newest view of the fleet, and again with each newer one while the circuit lives.</summary>
public sealed class Live : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private Task _following = Task.CompletedTask;
    private FleetView _fleet = FleetView.Empty;

    [Inject] public required IFleetFeed Feed { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    /// <summary>Not narrowed to the scope in the address: the page of one thing, whose link must always lead to it.</summary>
    [Parameter] public bool IsWhole { get; set; }

    [Parameter, EditorRequired] public RenderFragment<FleetView> ChildContent { get; set; } = _ => _ => { };

    protected override void OnInitialized() => Show(Feed.Current);

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, ChildContent(_fleet));

    // Not called while prerendering, so nothing is left running there.
    protected override void OnAfterRender(bool firstRender) => _following = firstRender ? FollowAsync() : _following;

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var view in Feed.FollowAsync(_closed.Token))
            {
                Show(view);
                await InvokeAsync(StateHasChanged);
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested) { }   // the visitor left the page
        catch (Exception fault) { await DispatchExceptionAsync(fault); }                // shown by the error boundary
    }

    private void Show(FleetView view) => _fleet = IsWhole ? view : Scope.Narrow(view, Scope.IdIn(Navigation.BaseUri));

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _following;
        _closed.Dispose();
    }
}
